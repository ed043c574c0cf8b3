// SPDX-License-Identifier: BSD-2-Clause
/// @file  The frame-buffer manager: seven screens behind the console's, one per object.
#include <pagers/server.hpp>
#include <runtime/ia32/ports.hpp>
#include <runtime/main.hpp>

#include "protocol.hpp"
#include "screens.hpp"

namespace {

using framebuffer::Show;
using framebuffer::Shown;
using pagers::PageAnswer;
using pagers::Word;

struct DirectIo {
    static std::uint8_t in8 (Word port) { return rt::in8 (port); }
    static void out8 (Word port, std::uint8_t value) { rt::out8 (port, value); }
};
using Switch = framebuffer::ScreenSwitch<DirectIo>;

constexpr std::uint16_t blank_cell = 0x0720;

/// Object n is screen n + 1; its frame has the screen's number.
class Screens {
public:
    [[nodiscard]] bool take ()
    {
        for (Word screen = 1; screen < Switch::screens; ++screen)
            if (!root::map_device (rt::layout::vga_text + screen * l4::page_size, l4::page_bits,
                                   pagers::frame_address (screen)))
                return false;
        return true;
    }

    [[nodiscard]] rt::Reply<Word> open (l4::ThreadId client, pagers::Open const&)
    {
        objects_.collect (pagers::exists, [this] (Word gone) { release (gone); });
        Word const number = objects_.create (client);
        if (number == objects_.none)
            return { rt::Error::no_place, 0 };
        clear (number + 1);
        return { rt::Error::none, number };
    }

    [[nodiscard]] rt::Error close (l4::ThreadId client, Word number)
    {
        if (objects_.find (client, number) == nullptr)
            return rt::Error::not_found;
        release (number);
        objects_.remove (number);
        return rt::Error::none;
    }

    [[nodiscard]] rt::Reply<Word> size (l4::ThreadId client, Word number)
    {
        return objects_.find (client, number) == nullptr
                   ? rt::Reply<Word> { rt::Error::not_found, 0 }
                   : rt::Reply<Word> { rt::Error::none, 1 };
    }

    [[nodiscard]] PageAnswer request (l4::ThreadId client, Word number, Word page, bool)
    {
        ++statistics_.faults;
        if (objects_.find (client, number) == nullptr || page != 0)
            return PageAnswer::no (rt::Error::not_found);
        return { rt::Error::none, number + 1, l4::Access::read_write };
    }

    [[nodiscard]] pagers::Statistics::Answer statistics ()
    {
        statistics_.objects = objects_.count ();
        statistics_.frames = Switch::screens - 1;
        return statistics_;
    }

    [[nodiscard]] rt::Answer other (rt::Incoming const& request)
    {
        if (request.operation () == Shown::operation)
            return rt::Answer::of (switch_.shown ());
        if (request.operation () != Show::operation)
            return rt::Answer::error (rt::Error::bad_request);
        Word const object = request.words ().w1;
        if (object == framebuffer::console_screen) {
            switch_.show (0);
            return rt::Answer::done ();
        }
        if (objects_.find (request.client, object) == nullptr)
            return rt::Answer::error (rt::Error::not_found);
        switch_.show (object + 1);
        return rt::Answer::done ();
    }

private:
    static void clear (Word screen)
    {
        auto* const cells
            = reinterpret_cast<std::uint16_t volatile*> (pagers::frame_address (screen));
        for (Word i = 0; i < Switch::cells; ++i)
            cells[i] = blank_cell;
    }

    /// Who was looking at it looks at the console.
    void release (Word number)
    {
        pagers::revoke_frame (number + 1);
        if (switch_.shown () == number + 1)
            switch_.show (0);
    }

    Switch switch_ {};
    pagers::ObjectTable<Word, Switch::screens - 1> objects_ {};
    pagers::Statistics::Answer statistics_ {};
};

constinit Screens screens {};

}  // namespace

int main (std::string_view)
{
    if (!screens.take ()) {
        rt::print ("framebuffer: the screen is not ours\n");
        return 1;
    }
    return pagers::run (screens);
}
