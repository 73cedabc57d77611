import Basics
import Engine

/// A session on a time axis, as a page that needs nothing but a browser.
///
/// Three lanes: the host, which is busy where nothing is on the cable; the wire; and the target, where the session shows
/// that it did something by itself. The part of the address behind "#" is the time that is shown, as in "#0.5-1.25".
struct TimelinePage {
  private let title: String
  private let operations: [DecodedOperation]

  /// Makes a page of a session's operations.
  init(title: String, _ operations: [DecodedOperation]) {
    self.title = title
    self.operations = operations
  }

  /// The page.
  var html: String {
    // Cut before anything is put in: a title may hold the name of another place.
    let parts = TimelinePage.template.split(separator: "DATA", maxSplits: 1).map(String.init)
    let head = parts[0].replacing("TITLE", with: TimelinePage.escaped(title.printable))
    // No "<" may stand in a script that the browser reads to its end tag.
    return head + data.text.replacing("<", with: "\\u003C") + parts[1]
  }

  /// The spans as arrays of lane, begin and end in microseconds, and text.
  private var data: JSONValue {
    var spans: [JSONValue] = []
    var lastEnd: Duration = .zero
    for operation in operations {
      guard let start = operation.start, let end = operation.end else { continue }
      if start > lastEnd { spans.append(span("host", lastEnd, start, "before operation \(operation.number)")) }
      spans.append(span("wire", start, end, "\(operation.number) \(operation.text)"))
      lastEnd = max(lastEnd, end)
    }
    for activity in TargetActivity.find(in: operations) {
      let text = activity.kind == .flash ? "flash busy" : "core running"
      spans.append(span("target", activity.start, activity.end, text))
    }
    return .array(spans)
  }

  private func span(_ lane: String, _ start: Duration, _ end: Duration, _ text: String) -> JSONValue {
    .array([
      .string(lane), .integer(Int(start.microseconds)), .integer(Int(end.microseconds)), .string(text),
    ])
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }

  private static let template = #"""
    <!DOCTYPE html>
    <html lang="en">
    <meta charset="utf-8">
    <title>TITLE</title>
    <style>
      body { font: 14px sans-serif; margin: 1em; color: #222; }
      canvas { width: 100%; height: 220px; border: 1px solid #bbb; cursor: grab; }
      #detail { min-height: 3em; font-family: monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
    </style>
    <h1>TITLE</h1>
    <p>Turn the wheel to zoom, drag to move, double-click for the whole session. Point at a span to see what it is.</p>
    <canvas id="axis"></canvas>
    <p id="range"></p>
    <p id="detail"></p>
    <script type="application/json" id="spans">DATA</script>
    <script>
    "use strict";
    const lanes = { host: { row: 0, colour: "#9aa5b1" }, wire: { row: 1, colour: "#2f6fb0" },
                    target: { row: 2, colour: "#c0562f" } };
    const spans = JSON.parse(document.getElementById("spans").textContent)
      .map(([lane, begin, end, text]) => ({ lane, begin, end, text }));
    const whole = { begin: 0, end: Math.max(1, ...spans.map(span => span.end)) };
    const canvas = document.getElementById("axis"), context = canvas.getContext("2d");
    const left = 60, laneHeight = 56, top0 = 8;
    let view = { ...whole };

    function x(time) { return left + (time - view.begin) / (view.end - view.begin) * (canvas.width - left); }
    function time(x) { return view.begin + (x - left) / (canvas.width - left) * (view.end - view.begin); }

    function tick(length) {
      const rough = length / 8, power = 10 ** Math.floor(Math.log10(rough));
      return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= rough);
    }

    function draw() {
      canvas.width = canvas.clientWidth; canvas.height = canvas.clientHeight;
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.font = "12px sans-serif";
      let drawn = 0;
      for (const span of spans) {
        if (span.end < view.begin || span.begin > view.end) continue;
        const lane = lanes[span.lane], begin = Math.max(left, x(span.begin));
        context.fillStyle = lane.colour;
        context.fillRect(begin, top0 + lane.row * laneHeight, Math.max(1, x(span.end) - begin), laneHeight - 12);
        drawn += 1;
      }
      context.fillStyle = "#222";
      for (const [name, lane] of Object.entries(lanes)) context.fillText(name, 4, top0 + lane.row * laneHeight + 26);
      const step = tick(view.end - view.begin), bottom = top0 + 3 * laneHeight;
      for (let at = Math.ceil(view.begin / step) * step; at <= view.end; at += step) {
        context.fillRect(x(at), bottom, 1, 6);
        context.fillText((at / 1e6).toPrecision(6).replace(/\.?0+$/, "") + " s", x(at) + 3, bottom + 18);
      }
      const show = value => (value / 1e6).toFixed(6);
      document.getElementById("range").textContent = `${show(view.begin)} s to ${show(view.end)} s, ${drawn} spans`;
      document.body.dataset.drawn = drawn;
    }

    function look(begin, end) {
      const length = Math.min(Math.max(end - begin, 10), whole.end);
      const start = Math.min(Math.max(begin, 0), whole.end - length);
      view = { begin: start, end: start + length };
      draw();
    }

    function lookAtAddress() {
      const [begin, end] = location.hash.slice(1).split("-").map(Number);
      if (end > begin) look(begin * 1e6, end * 1e6); else draw();
    }

    canvas.addEventListener("wheel", event => {
      event.preventDefault();
      const centre = time(event.offsetX), factor = event.deltaY < 0 ? 0.8 : 1.25;
      look(centre - (centre - view.begin) * factor, centre + (view.end - centre) * factor);
    }, { passive: false });
    let grip = null;
    canvas.addEventListener("pointerdown", event => { grip = time(event.offsetX); canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointerup", () => { grip = null; });
    canvas.addEventListener("pointermove", event => {
      if (grip !== null) { const by = grip - time(event.offsetX); return look(view.begin + by, view.end + by); }
      const at = time(event.offsetX), row = Math.floor((event.offsetY - top0) / laneHeight);
      const span = spans.find(span => lanes[span.lane].row === row && span.begin <= at && at <= span.end);
      document.getElementById("detail").textContent = span
        ? `${(span.begin / 1e6).toFixed(6)} s, ${((span.end - span.begin) / 1e3).toFixed(3)} ms: ${span.text}` : "";
    });
    canvas.addEventListener("dblclick", () => look(whole.begin, whole.end));
    addEventListener("resize", draw);
    addEventListener("hashchange", lookAtAddress);
    lookAtAddress();
    </script>
    </html>
    """#
}
