# Everything a developer, a user and CI need. Each job installs what it lacks (scripts/install-dependencies).

PREFIX ?= /usr/local
STFLASH = .build/release/stflash

.PHONY: all demo bench test test-clients test-kernel lint install uninstall deb clean

all: $(STFLASH)
	@scripts/stage $(STFLASH) .build/stage

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
	swift format lint --strict --recursive Sources Tests Benchmarks Examples Package.swift

## Installs what `make` built below PREFIX: the program, man pages, the completions of three shells, the udev rules.
## Builds nothing: what root installs is what a user built.
install:
	@scripts/install .build/stage $(PREFIX)

uninstall:
	@scripts/install --remove .build/stage $(PREFIX)

## A Debian package in .build/deb, by dpkg's own tools.
deb: all
	@scripts/build-deb .build/stage .build/deb

clean:
	swift package clean
