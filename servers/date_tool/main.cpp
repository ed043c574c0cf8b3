// SPDX-License-Identifier: BSD-2-Clause
/// @file  The wall clock at the console.
///
///     date                            what time it is
///     date set YYYY-MM-DD HH:MM:SS    that it is this late
///     date wait SECONDS               come back then
#include <runtime/main.hpp>
#include <runtime/print.hpp>
#include <runtime/words.hpp>

#include <drivers/clock/protocol.hpp>

namespace {

using wall::Date;
using wall::Word;
using rt::Error;

constinit wall::Clock wall_clock {};

int fail (Error error)
{
    rt::print ("date: ", error == Error::not_found ? "there is no clock" : rt::text (error), "\n");
    return 1;
}

void print (Date const& date)
{
    rt::print (date.year, "-", rt::padded (date.month, 2, '0'), "-",
               rt::padded (date.day, 2, '0'), " ", rt::padded (date.hour, 2, '0'), ":",
               rt::padded (date.minute, 2, '0'), ":", rt::padded (date.second, 2, '0'), "\n");
}

int show ()
{
    auto const now = wall_clock.now ();
    if (!now.ok ())
        return fail (now.error);
    print (Date::from (now.value.seconds));
    return 0;
}

/// The number before the next `separator`, or before the end. @return false: there is none
[[nodiscard]] bool take_number (std::string_view& text, char separator, Word& number)
{
    std::size_t const end = text.find (separator);
    std::string_view const digits = text.substr (0, end);
    text.remove_prefix (end == text.npos ? text.size () : end + 1);
    for (char const c : digits)
        if (c < '0' || c > '9')
            return false;
    number = rt::parse_decimal (digits);
    return !digits.empty () && digits.size () <= 4;
}

int set (std::string_view day, std::string_view time)
{
    Date date;
    bool const readable
        = take_number (day, '-', date.year) && take_number (day, '-', date.month)
          && take_number (day, '-', date.day) && day.empty ()
          && take_number (time, ':', date.hour) && take_number (time, ':', date.minute)
          && take_number (time, ':', date.second) && time.empty ();
    if (!readable || !date.is_valid ()) {
        rt::print ("date: not a time between 1970 and 2105, as in 1996-05-14 12:00:00\n");
        return 2;
    }
    Error const error = drivers::persist (
        [&] { return wall_clock.set (date.seconds ()); });
    return error == Error::none ? show () : fail (error);
}

int wait (Word seconds)
{
    auto const now = wall_clock.now ();
    if (!now.ok ())
        return fail (now.error);
    Word const then = now.value.seconds + seconds;
    Error const error = drivers::persist ([&] { return wall_clock.wait_until (then).error; });
    return error == Error::none ? show () : fail (error);
}

}  // namespace

int main (std::string_view arguments)
{
    std::string_view const what = rt::take_word (arguments);
    std::string_view const first = rt::take_word (arguments);
    std::string_view const second = rt::take_word (arguments);
    if (what.empty ())
        return show ();
    if (what == "set")
        return set (first, second);
    if (Word const seconds = rt::parse_decimal (first); what == "wait" && seconds != 0)
        return wait (seconds);
    rt::print ("usage: date [set YYYY-MM-DD HH:MM:SS | wait SECONDS]\n");
    return 2;
}
