// SPDX-License-Identifier: BSD-2-Clause
#include <runtime/region.hpp>

#include <l4/protocol/page_fault.hpp>
#include <pagers/protocol.hpp>
#include <root/protocol.hpp>
#include <runtime/exit.hpp>
#include <runtime/layout.hpp>
#include <runtime/lock.hpp>
#include <runtime/print.hpp>
#include <runtime/thread.hpp>

namespace rt {

namespace {

constinit Stack<4096> stack {};
constinit RegionMap map {};
constinit Lock map_lock {};
constinit Word volatile faults = 0;
constinit bool started = false;

[[noreturn]] void give_up (l4::PageFaultMessage fault, Error error)
{
    print (info_page ().name (), ": page fault at ", hex (fault.address ()),
           fault.is_write () ? " (write)" : " (read)", ", instruction ",
           hex (fault.instruction ()), ": its pager: ", text (error), "; ended\n");
    exit (root::status_fault);
}

/// The root task takes it for a fault of this thread, and its pages come into the same space.
void pass_on (Words fault, bool io)
{
    call (l4::root_id, fault, l4::Timeouts::never (),
          Window { io ? l4::Fpage::whole_io () : l4::Fpage::whole_space () });
}

void serve_fault (Words words)
{
    l4::PageFaultMessage const fault { words.w0, words.w1 };
    if (fault.is_io ())
        return pass_on (words, true);
    Region region {};
    {
        Locked const locked { map_lock };
        region = map.find (fault.address ());
    }
    if (region.end == 0)
        return pass_on (words, false);
    faults = faults + 1;
    Error const error = pagers::fetch (region.object, region.page_of (fault.address ()),
                                       fault.is_write (),
                                       fault.address () & ~(l4::page_size - 1));
    if (error != Error::none)
        give_up (fault, error);
}

void serve_faults (void*)
{
    IpcResult message = wait ();
    for (;;) {
        if (!message.dope.ok ()) {
            message = wait ();
            continue;
        }
        // Only threads of this program have this pager.
        if (message.source.same_task (info_page ().own))
            serve_fault ({ message.w0, message.w1 });
        message = reply_and_wait (message.source, {});
    }
}

void start_mapper ()
{
    if (!started)
        start_thread (region_mapper, stack.top (), serve_faults);
    started = true;
    lthread_ex_regs (myself ().lthread (), l4::unchanged, l4::unchanged, region_mapper_id ());
}

}  // namespace

l4::ThreadId region_mapper_id () { return info_page ().own.with_lthread (region_mapper); }

Word region_faults () { return faults; }

Reply<Address> attach (Object const& object, Word pages, Word first, Address address)
{
    start_mapper ();
    Locked const locked { map_lock };
    if (address == 0)
        address = map.find_place (pages, layout::regions_begin, layout::regions_end);
    if (address == 0
        || !map.add ({ address, address + pages * l4::page_size, object, first }))
        return { Error::no_place, 0 };
    return { Error::none, address };
}

void detach (Address address)
{
    Region gone {};
    {
        Locked const locked { map_lock };
        gone = map.remove (address);
    }
    for (Address page = gone.begin; page < gone.end; page += l4::page_size)
        fpage_unmap (l4::Fpage::memory (page, l4::page_bits),
                     l4::unmap_completely | l4::unmap_in_own_space_too);
}

}  // namespace rt
