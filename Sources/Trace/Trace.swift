/// Recording and replay as wrappers of any `Probe`, and capture files in and out.
///
/// Knows nothing of ST-LINK: it moves and compares transfers. What the bytes mean is the engine's vocabulary.
public enum Trace {}
