// SPDX-License-Identifier: BSD-2-Clause
/// @file  Who may do what with an object, as words: "reader=r writer=w *=r".
///
/// Context: pure; host tests in tests/host/servers.
#pragma once

#include <string_view>

#include <runtime/words.hpp>

namespace pagers {

enum class Right { nothing, read, write };

class AccessList {
public:
    constexpr AccessList () = default;
    constexpr explicit AccessList (std::string_view words) : words_ { words } {}

    /// The first word that names the program, or `*`, decides.
    [[nodiscard]] constexpr Right right_of (std::string_view program) const
    {
        std::string_view rest = words_;
        for (auto word = rt::take_word (rest); !word.empty (); word = rt::take_word (rest)) {
            std::size_t const at = word.find ('=');
            if (at == word.npos || at + 2 != word.size ())
                continue;
            std::string_view const name = word.substr (0, at);
            if (name == program || name == "*")
                return word.back () == 'w'   ? Right::write
                       : word.back () == 'r' ? Right::read
                                             : Right::nothing;
        }
        return Right::nothing;
    }

private:
    std::string_view words_ {};
};

static_assert (AccessList { "a=r b=w" }.right_of ("b") == Right::write);
static_assert (AccessList { "a=r b=w" }.right_of ("c") == Right::nothing);

}  // namespace pagers
