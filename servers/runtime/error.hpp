// SPDX-License-Identifier: BSD-2-Clause
/// @file  How a server answers: w0 of every answer in words.
#pragma once

#include <string_view>

#include <l4/word.hpp>

namespace rt {

enum class Error : l4::Word {
    none = 0,
    bad_request,        ///< unknown operation, or too few words
    not_found,
    refused,            ///< the policy or the owner does not allow it
    taken,              ///< somebody else has it
    no_memory,
    limit,              ///< the program's own limit is reached
    no_place,           ///< no room left in a table of the server
    unavailable,        ///< the other side does not exist (any more); a driver comes back
    device,             ///< the device reports an error
};

[[nodiscard]] constexpr std::string_view text (Error error)
{
    switch (error) {
    case Error::none: return "done";
    case Error::bad_request: return "bad request";
    case Error::not_found: return "not found";
    case Error::refused: return "refused";
    case Error::taken: return "taken already";
    case Error::no_memory: return "no memory left";
    case Error::limit: return "limit reached";
    case Error::no_place: return "no place left";
    case Error::unavailable: return "server is gone";
    case Error::device: return "device error";
    }
    return "unknown error";
}

}  // namespace rt
