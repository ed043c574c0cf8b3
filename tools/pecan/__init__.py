# SPDX-License-Identifier: BSD-2-Clause
"""What tools/run and tools/test are made of: build, emulators, the guest's console, suites."""
