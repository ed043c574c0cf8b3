// SPDX-License-Identifier: BSD-2-Clause
/// @file  A value or an error, in two registers.
///
/// The error is a word-sized enumeration whose zero means "no error"; with a word-sized value
/// the whole travels in EAX:EDX (given -freg-struct-return). Ours, because the compilers'
/// C++20 libraries have nothing like it.
///
/// Example, with `template <typename T> using Result = lib::Result<T, Error>`:
///     Result<Frame*> frame = take ();         if (!frame.ok ()) ...
///     auto* const page = TRY (take ());       returns take ()'s error from this function
#pragma once

#include <lib/assert.hpp>

#include <type_traits>

namespace lib {

template <typename E>
concept ErrorCode = std::is_enum_v<E> && sizeof (E) == 4;

template <typename T, ErrorCode E>
class [[nodiscard]] Result {
    static_assert (std::is_trivially_copyable_v<T>, "a Result travels in registers");

public:
    constexpr Result (T value) : value_ { value }, error_ {} {}
    constexpr Result (E error) : value_ {}, error_ { error } { ASSERT (error != E {}); }

    [[nodiscard]] constexpr bool ok () const { return error_ == E {}; }
    [[nodiscard]] constexpr E error () const { return error_; }

    /// @pre ok ()
    [[nodiscard]] constexpr T value () const
    {
        ASSERT (ok ());
        return value_;
    }

private:
    T value_;
    E error_;
};

/// Success or an error.
template <ErrorCode E>
class [[nodiscard]] Result<void, E> {
public:
    constexpr Result () = default;
    constexpr Result (E error) : error_ { error } {}

    [[nodiscard]] constexpr bool ok () const { return error_ == E {}; }
    [[nodiscard]] constexpr E error () const { return error_; }
    constexpr void value () const { ASSERT (ok ()); }

private:
    E error_ {};
};

}  // namespace lib

/// The value of a Result; if it holds an error, returns that from the surrounding function.
#define TRY(...)                                                                                   \
    __extension__ ({                                                                               \
        auto const try_result = (__VA_ARGS__);                                                     \
        if (!try_result.ok ())                                                                     \
            return try_result.error ();                                                            \
        try_result.value ();                                                                       \
    })
