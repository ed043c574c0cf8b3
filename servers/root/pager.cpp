// SPDX-License-Identifier: BSD-2-Clause
/// @file  The pager never waits for anybody but sigma0: the service thread may be waiting for a
///        program that waits for the pager. So a notice is sent only while the service thread
///        listens, and tried again until then.
#include "pager.hpp"

#include <l4/protocol/page_fault.hpp>

#include "memory.hpp"

namespace root {

namespace {

constexpr l4::ThreadId service_id = l4::root_id.with_lthread (1);

struct FaultReply {
    bool maps;              ///< false: the thread stays where it is
    Address send_base;
    l4::Fpage fpage;
};

constexpr FaultReply no_reply { false, 0, {} };

class Pager {
public:
    explicit Pager (Programs& programs) : programs_ { programs } {}

    [[nodiscard]] FaultReply answer (l4::ThreadId source, l4::PageFaultMessage message)
    {
        rt::Locked const locked { programs_.lock };
        Program* const program = programs_.find_alive (source.task ());
        if (program == nullptr || program->state == Program::State::faulted)
            return no_reply;
        return message.is_io () ? answer_ports (*program, message)
                                : answer_page (*program, message);
    }

    /// Timeouts of the next answer and wait.
    [[nodiscard]] l4::Timeouts timeouts ()
    {
        constexpr l4::Timeout retry = l4::Timeout::at_least (10'000);
        constexpr l4::Timeouts at_once { l4::Timeout::zero (), l4::Timeout::never () };
        if (notice_pending_ && rt::send (service_id, { fault_notice, 0 }, at_once).ok ())
            notice_pending_ = false;
        return { l4::Timeout::zero (), notice_pending_ ? retry : l4::Timeout::never () };
    }

private:
    FaultReply answer_page (Program& program, l4::PageFaultMessage message)
    {
        FaultAnswer const found = program.space.resolve (message.address (), message.is_write (),
                                                         programs_.frames ());
        if (found.kind != FaultKind::mapped)
            return stop (program, found.kind, message);
        return { true, found.page, found.fpage };
    }

    FaultReply answer_ports (Program& program, l4::PageFaultMessage message)
    {
        auto const ports
            = l4::Fpage::io (message.ports ().port (), message.ports ().log2_size ());
        Word const first = ports.port ();
        Word const last = first + static_cast<Word> (ports.size () - 1);
        if (!program.rights.ports.contains (first, last) || !claim_ports (ports))
            return stop (program, FaultKind::ports_not_allowed, message);
        return { true, 0, ports };
    }

    FaultReply stop (Program& program, FaultKind kind, l4::PageFaultMessage message)
    {
        program.fault = { kind, { message.w0, message.w1 } };
        program.state = Program::State::faulted;
        notice_pending_ = true;
        return no_reply;
    }

    Programs& programs_;
    bool notice_pending_ { false };
};

}  // namespace

[[noreturn]] void serve_faults (Programs& programs)
{
    Pager pager { programs };
    rt::IpcResult message = rt::wait ();
    for (;;) {
        FaultReply reply = no_reply;
        if (message.dope.ok ())
            reply = pager.answer (message.source, { message.w0, message.w1 });
        l4::Timeouts const timeouts = pager.timeouts ();
        message = reply.maps ? rt::reply_fpage_and_wait (message.source, reply.send_base,
                                                         reply.fpage, timeouts)
                             : rt::wait (timeouts);
    }
}

}  // namespace root
