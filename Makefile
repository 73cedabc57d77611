# Everything a developer, a user and CI need. Each job installs what it lacks (scripts/install-dependencies).

PREFIX ?= /usr/local
STFLASH = .build/release/stflash

.PHONY: all demo bench test test-clients test-kernel lint install clean

all: $(STFLASH)

$(STFLASH): FORCE
	@scripts/install-dependencies build
	@scripts/build-release stflash

FORCE:

## Builds, writes a firmware to a simulated board, verifies it and reads it back.
demo: $(STFLASH)
	@scripts/demo $(STFLASH)

## Everything: lint, debug tests, the release tests that are too slow in debug, the build without libusb.
test:
	@scripts/install-dependencies test
	@scripts/test

## Other people's tools (st-flash, OpenOCD, GDB, pyOCD) on simulated probes; what cannot be installed is skipped.
test-clients: $(STFLASH)
	@scripts/build-release usb-check
	@scripts/test-clients $(STFLASH)

## The virtual probe under a real kernel, in a QEMU guest; skipped where one cannot be had.
test-kernel: $(STFLASH)
	@scripts/build-release usb-check
	@scripts/test-kernel $(STFLASH) .build/release/usb-check

## Speed of the simulator, as ratios; beside Unicorn where that can be had.
bench:
	@scripts/install-dependencies build
	@scripts/bench

lint:
	swift format lint --strict --recursive Sources Tests Benchmarks Package.swift

## Installs the program, its shell completions and the udev rules below PREFIX.
install: $(STFLASH)
	install -D -m 755 $(STFLASH) $(DESTDIR)$(PREFIX)/bin/stflash
	install -D -m 644 udev/70-stflash.rules $(DESTDIR)$(PREFIX)/lib/udev/rules.d/70-stflash.rules
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(STFLASH) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/stflash
	$(STFLASH) --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_stflash
	$(STFLASH) --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/stflash.fish

clean:
	swift package clean
