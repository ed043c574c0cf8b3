// SPDX-License-Identifier: BSD-2-Clause
/// @file  The frame-buffer manager, a pager (pagers/protocol.hpp) of screens: an object is one
///        page, 80 x 25 cells of two bytes. It owns them and the register that says which is shown.
#pragma once

#include <pagers/protocol.hpp>

namespace framebuffer {

using l4::Word;

/// Show the caller's screen, or the console's (`console_screen`).
struct Show {
    static constexpr Word operation = 0x50;
    using Answer = rt::Nothing;
    Word object;
};

constexpr Word console_screen = ~Word { 0 };

/// Number of the screen shown: 0 is the console's.
struct Shown {
    static constexpr Word operation = 0x51;
    using Answer = Word;
};

}  // namespace framebuffer
