// SPDX-License-Identifier: BSD-2-Clause
/// @file  bench pager: a page fault, from the access to the instruction behind it.
///
/// `kernel` is the bare path: a pager in another address space that answers every fault with the
/// same page. The others fault in a region of this program: the kernel sends the fault to the
/// region mapper, that asks the memory server, and the page comes with its answer. The first
/// group faults on pages that the server has already; the second makes it work.
#include <pagers/protocol.hpp>
#include <root/protocol.hpp>
#include <runtime/layout.hpp>
#include <runtime/region.hpp>
#include <runtime/words.hpp>

#include <framework/pager.hpp>
#include <framework/partner_task.hpp>

#include "section.hpp"

namespace bench {

namespace {

using l4::Address;

constexpr Word pages = 8;
constexpr Word many_pages = 64;             ///< of an evicting pager with a quarter of that

[[nodiscard]] Word volatile& word_at (Address address)
{
    return *reinterpret_cast<Word volatile*> (address);
}

void read_pages (Address begin, Word count)
{
    for (Word page = 0; page < count; ++page)
        static_cast<void> (*reinterpret_cast<Word const volatile*> (
            begin + page * l4::page_size));
}

void write_pages (Address begin, Word count)
{
    for (Word page = 0; page < count; ++page)
        word_at (begin + page * l4::page_size) = page;
}

/// The next access faults.
void forget_pages (Address begin, Word count)
{
    for (Word page = 0; page < count; ++page)
        rt::fpage_unmap (l4::Fpage::memory (begin + page * l4::page_size, l4::page_bits),
                         l4::unmap_completely | l4::unmap_in_own_space_too);
}

[[nodiscard]] l4::ThreadId server (std::string_view command_line)
{
    std::string_view words = command_line;
    std::string_view const name = rt::take_word (words);
    if (root::find_name (name).is_nil () && root::start (command_line).task == 0)
        fail ("pager: a server cannot be started");
    l4::ThreadId const thread = root::await_name (name);
    if (thread.is_nil ())
        fail ("pager: a server does not come up");
    return thread;
}

[[nodiscard]] rt::Object open (l4::ThreadId pager, Word size, rt::Name const& name = {})
{
    auto const object = pagers::open (pager, size, name);
    if (!object.ok ())
        fail ("pager: an object cannot be opened");
    return object.value;
}

[[nodiscard]] Address attach_somewhere (rt::Object const& object, Word size)
{
    auto const place = rt::attach (object, size);
    if (!place.ok ())
        fail ("pager: no place for an object");
    return place.value;
}

/// Faults on pages that the server has.
void measure_present (Setting const& setting, std::string_view name, l4::ThreadId pager,
                      Word size = pages, rt::Name const& file = {})
{
    if (!setting.options.wants (name))
        return;
    rt::Object const object = open (pager, size, file);
    Address const begin = attach_somewhere (object, size);
    if (file.view ().empty ())
        write_pages (begin, size);
    measure_section (setting, "pager", name, size, [&] { forget_pages (begin, size); },
                     [&] { read_pages (begin, size); });
    rt::detach (begin);
    pagers::close (object);
}

/// Faults that make new pages: `renew` gives the object to be attached in place of the last one.
template <typename Renew>
void measure_filling (Setting const& setting, std::string_view name, Renew renew)
{
    rt::Object object {};
    Address begin = 0;
    auto const close = [&] {
        if (begin == 0)
            return;
        rt::detach (begin);
        pagers::close (object);
    };
    measure_section (setting, "pager", name, pages,
                     [&] {
                         close ();
                         object = renew ();
                         begin = attach_somewhere (object, pages);
                     },
                     [&] { write_pages (begin, pages); });
    close ();
}

/// Once through more pages than the pager has frames, in order: each fault throws a page out and
/// fetches one.
void measure_eviction (Setting const& setting, std::string_view name, bool write)
{
    rt::Object const object = open (server ("evicting_pager 16"), many_pages);
    Address const begin = attach_somewhere (object, many_pages);
    write_pages (begin, many_pages);
    if (!write)
        read_pages (begin, many_pages);
    measure_section (setting, "pager", name, many_pages, [] {},
                     [&] {
                         if (write)
                             write_pages (begin, many_pages);
                         else
                             read_pages (begin, many_pages);
                     });
    rt::detach (begin);
    pagers::close (object);
}

/// In a partner task; its pager is a thread of this program, in another address space.
void sample_kernel (void* setting)
{
    constexpr Address begin = guest::window_region;
    sample_section (*static_cast<Setting const*> (setting), pages,
                    [] { forget_pages (begin, pages); }, [] { read_pages (begin, pages); });
}

void measure_kernel (Setting const& setting)
{
    constexpr unsigned patience = 60'000;       // milliseconds
    if (!setting.options.wants ("kernel"))
        return;
    Setting order = setting;
    guest::Partner& partner = guest::partner_task ().start (sample_kernel, &order);
    if (!partner.finish (patience))
        fail ("pager: the partner does not end");
    partner.release ();
    print_samples (setting, "pager", "kernel");
}

}  // namespace

void run_pager (Setting const& setting)
{
    measure_kernel (setting);
    l4::ThreadId const standard = server ("default_pager");
    static_cast<void> (server ("memory_store"));
    measure_present (setting, "default", standard);
    measure_present (setting, "file", server ("file_pager"), pages, "bench");
    measure_present (setting, "realtime", server ("realtime_memory"));
    measure_present (setting, "colour", server ("colour_memory"));
    measure_present (setting, "framebuffer", server ("framebuffer"), 1);
    measure_present (setting, "evicting", server ("evicting_pager 16"));
    measure_present (setting, "guard", server ("guard_pager default_pager 8 *=w"));

    measure_filling (setting, "default-zero", [&] { return open (standard, pages); });
    rt::Object const original = open (standard, pages);
    Address const source = attach_somewhere (original, pages);
    write_pages (source, pages);
    measure_filling (setting, "default-copy", [&] {
        auto const copy = pagers::clone (original);
        if (!copy.ok ())
            fail ("pager: an object cannot be cloned");
        return copy.value;
    });
    rt::detach (source);
    pagers::close (original);
    measure_eviction (setting, "evicting-fetch", false);
    measure_eviction (setting, "evicting-swap", true);
}

}  // namespace bench
