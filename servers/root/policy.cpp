// SPDX-License-Identifier: BSD-2-Clause
#include "policy.hpp"

namespace root {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view everything = "all";
constexpr Word last_port = 0xFFFF;
constexpr Word last_address = ~Word { 0 };
constexpr Word last_line = 15;
constexpr Word last_priority = 255;

/// The part of `text` up to the first of `ends`; `text` then begins behind that.
std::string_view take_until (std::string_view& text, std::string_view ends)
{
    std::size_t const end = text.find_first_of (ends);
    std::string_view const piece = text.substr (0, end);
    text.remove_prefix (end == text.npos ? text.size () : end + 1);
    return piece;
}

std::string_view take_word (std::string_view& text)
{
    std::size_t const begin = text.find_first_not_of (blanks);
    text.remove_prefix (begin == text.npos ? text.size () : begin);
    return take_until (text, blanks);
}

bool is_blank (std::string_view text)
{
    return text.find_first_not_of (blanks) == text.npos;
}

/// A decimal number, or a hexadecimal one behind 0x. @return false: it is none
bool parse_number (std::string_view word, Word& result)
{
    bool const hexadecimal = word.starts_with ("0x");
    Word const base = hexadecimal ? 16 : 10;
    if (hexadecimal)
        word.remove_prefix (2);
    std::uint64_t number = 0;
    for (char const c : word) {
        Word const digit = c >= '0' && c <= '9'   ? static_cast<Word> (c - '0')
                           : c >= 'a' && c <= 'f' ? static_cast<Word> (c - 'a') + 10
                           : c >= 'A' && c <= 'F' ? static_cast<Word> (c - 'A') + 10
                                                  : 16;
        number = number * base + digit;
        if (digit >= base || number > last_address)
            return false;
    }
    result = static_cast<Word> (number);
    return !word.empty ();
}

bool set_number (std::string_view words, Word most, Word& number)
{
    Word value = 0;
    if (!parse_number (take_word (words), value) || value > most || !take_word (words).empty ())
        return false;
    number = value;
    return true;
}

template <std::size_t Capacity>
bool add_ranges (std::string_view words, Word last_possible, RangeSet<Capacity>& set)
{
    std::size_t count = 0;
    for (std::string_view word = take_word (words); !word.empty (); word = take_word (words)) {
        ++count;
        if (word == everything) {
            if (!set.add (0, last_possible))
                return false;
            continue;
        }
        bool const single = word.find ('-') == word.npos;
        Word first = 0;
        if (!parse_number (take_until (word, "-"), first))
            return false;
        Word last = first;
        if ((!single && !parse_number (word, last)) || first > last || last > last_possible
            || !set.add (first, last))
            return false;
    }
    return count != 0;
}

bool add_lines (std::string_view words, std::uint16_t& lines)
{
    RangeSet<16> ranges;
    if (!add_ranges (words, last_line, ranges))
        return false;
    for (Word line = 0; line <= last_line; ++line)
        if (ranges.contains (line, line))
            lines = static_cast<std::uint16_t> (lines | 1u << line);
    return true;
}

/// A line inside a section. @return false: it is wrong
bool apply (std::string_view key, std::string_view words, Rights& rights)
{
    if (key == "memory")
        return set_number (words, Rights::most_memory, rights.memory);
    if (key == "tasks")
        return set_number (words, Rights::most_tasks, rights.tasks);
    if (key == "priority")
        return set_number (words, last_priority, rights.priority);
    if (key == "ports")
        return add_ranges (words, last_port, rights.ports);
    if (key == "device")
        return add_ranges (words, last_address, rights.device);
    if (key == "lines")
        return add_lines (words, rights.lines);
    if (key == "names")
        return !is_blank (words) && rights.names.add (words);
    if (key == "files")
        return !is_blank (words) && rights.files.add (words);
    if (!is_blank (words))
        return false;
    rights.control = rights.control || key == "control";
    rights.debug = rights.debug || key == "debug";
    return key == "control" || key == "debug";
}

/// Goes through a policy line by line.
class Reader {
public:
    explicit Reader (std::string_view text) : rest_ { text } {}

    /// The next line that says something. @return false: there is none
    bool next ()
    {
        while (!rest_.empty ()) {
            ++number_;
            std::string_view line = take_until (rest_, "\n");
            words_ = take_until (line, "#");
            key_ = take_word (words_);
            if (!key_.empty ())
                return true;
        }
        return false;
    }

    [[nodiscard]] Word number () const { return number_; }
    [[nodiscard]] std::string_view key () const { return key_; }
    [[nodiscard]] std::string_view words () const { return words_; }

private:
    std::string_view rest_;
    std::string_view key_ {};
    std::string_view words_ {};
    Word number_ { 0 };
};

/// Whose section begins; nothing if the line is wrong.
std::string_view section_name (std::string_view words)
{
    std::string_view const name = take_word (words);
    return take_word (words).empty () ? name : std::string_view {};
}

void add_sections (std::string_view text, std::string_view wanted, Rights& rights)
{
    bool inside = false;
    for (Reader line { text }; line.next ();) {
        if (line.key () == "program") {
            inside = section_name (line.words ()) == wanted;
            continue;
        }
        // A wrong line gives nothing: it is tried on a copy.
        Rights changed = rights;
        if (inside && apply (line.key (), line.words (), changed))
            rights = changed;
    }
}

}  // namespace

bool WordSet::contains (std::string_view word) const
{
    for (std::size_t i = 0; i < count_; ++i) {
        std::string_view words = lines_[i];
        for (std::string_view one = take_word (words); !one.empty (); one = take_word (words))
            if (one == word || one == everything)
                return true;
    }
    return false;
}

Rights Policy::rights_of (std::string_view program) const
{
    Rights rights;
    add_sections (text_, "*", rights);
    add_sections (text_, program, rights);
    return rights;
}

Word Policy::next_mistake (Word after) const
{
    bool inside = false;
    for (Reader line { text_ }; line.next ();) {
        bool right = false;
        if (line.key () == "program") {
            inside = true;
            right = !section_name (line.words ()).empty ();
        } else {
            Rights scratch;
            right = inside && apply (line.key (), line.words (), scratch);
        }
        if (!right && line.number () > after)
            return line.number ();
    }
    return 0;
}

}  // namespace root
