// SPDX-License-Identifier: BSD-2-Clause
/// @file  Network cards: Ethernet frames out and in, without their checksum.
///
/// A card keeps what it receives until a client fetches it, as far as its memory goes; what comes
/// then is lost, and counted. Frames go to whoever asks first: one client at a time listens.
#pragma once

#include <drivers/protocol.hpp>

namespace net {

using l4::Word;

constexpr Word most_frame = 1514;           ///< header and data
constexpr Word least_frame = 14;            ///< the header; shorter than 60 is filled up
constexpr Word address_bytes = 6;

/// Which card this is.
struct Describe {
    static constexpr Word operation = 0x58;
    struct Answer {
        std::uint8_t address[address_bytes];
        std::uint8_t on_pci;                ///< 1: a PCI card, 0: ISA
        std::uint8_t line;                  ///< its interrupt line
        Word base;                          ///< its first port
    };
};

/// The frame comes with the request. Answered when the card has it; `device`: it did not take it.
struct Send {
    static constexpr Word operation = 0x59;
    using Answer = rt::Nothing;
};

/// The frame comes with the answer. `not_found`: none has come in `listen_time`; `taken`:
/// somebody else listens.
struct Receive {
    static constexpr Word operation = 0x5A;
    using Answer = rt::Nothing;
};

constexpr Word listen_time = 50'000;        ///< microseconds, at least

/// Of the driver's present life.
struct Statistics {
    static constexpr Word operation = 0x5B;
    struct Answer {
        Word sent;
        Word received;
        Word send_errors;
        Word receive_errors;                ///< bad checksum, not whole bytes
        Word missed;                        ///< no room in the card
        Word overruns;                      ///< how often it had to be restarted then
        Word resets;                        ///< how often it did not do what it was told
    };
};

/// A card as a client uses it. A copy of the driver's answer, or rt::Error::unavailable.
class Network {
public:
    constexpr explicit Network (std::string_view driver = "ne2000") : device_ { driver } {}

    [[nodiscard]] rt::Reply<Describe::Answer> describe ();
    [[nodiscard]] rt::Error send (void const* frame, Word size);
    /// @param to  room for `most_frame` bytes @param size  how many there are then
    [[nodiscard]] rt::Error receive (void* to, Word& size);
    [[nodiscard]] rt::Reply<Statistics::Answer> statistics ();

    [[nodiscard]] drivers::Device& device () { return device_; }

private:
    drivers::Device device_;
};

}  // namespace net
