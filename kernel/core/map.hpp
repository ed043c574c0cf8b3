// SPDX-License-Identifier: BSD-2-Clause
/// @file  Map and grant: enter one space's pages or ports into another.
#pragma once

#include <core/mapping_database.hpp>
#include <l4/fpage.hpp>

namespace kernel {

class Space;

struct MapItem {
    l4::Word send_base;
    l4::Fpage fpage;
    l4::Fpage window;
    bool everything;        ///< the window of a kernel RPC: the whole space and all ports
};

struct MapOutcome {
    bool mapped { false };          ///< something was entered; the m bit of the receiver's dope
    bool out_of_memory { false };   ///< what was entered before stays
};

/// Entering what `item.fpage` denotes in `from` into `to`, in steps. Holes are skipped; rights
/// never grow. A page or port that is in the way is taken from the receiver first, with all that it
/// has mapped on, unless what is to be mapped comes from there. 4 KB that are granted out of a 4 MB
/// page are first taken back from those that have them from there. Interrupts are served only
/// when a page is taken back.
///
/// A 4 MB page is entered as one where it fits and 4 KB pages are not in the way; then those are
/// treated one by one, as are the parts that they leave.
class MapOperation {
public:
    MapOperation (Space& from, Space& to, MapItem const& item);

    [[nodiscard]] bool is_finished () const { return left_ == 0; }
    void step ();
    [[nodiscard]] MapOutcome outcome () const { return outcome_; }

private:
    /// @param offset  of the sender's addresses, above those of the overlap
    void set_region (l4::Overlap const& overlap, l4::Address offset);
    void set_ports (l4::Fpage window);
    void advance (l4::Word units);
    void step_page ();
    [[nodiscard]] bool step_small_pages ();
    void step_superpage (machine::Page const& page);
    void step_small_page (machine::Page const& page);
    void step_into_superpage (machine::Page const& page);
    void make_table ();
    void enter_small_page (machine::Page const& page, machine::PageEntry* entry);
    void grant_part (MappedPage source, machine::PageEntry& entry, machine::Page const& page);
    void clear_destination (l4::Word size);
    void finish_page (l4::Word size, bool entered);
    [[nodiscard]] bool fits_superpage (machine::Page const& page) const;
    [[nodiscard]] bool grants () const;
    [[nodiscard]] MappedPage source_page (machine::Page const& page);
    [[nodiscard]] bool is_same_mapping () const;
    void step_ports ();
    void map_port (l4::Word port);

    Space& from_;
    Space& to_;
    l4::Fpage fpage_;
    bool is_ports_ { false };
    l4::Address source_ { 0 };      ///< or a port
    l4::Address destination_ { 0 };
    l4::Word left_ { 0 };           ///< bytes, both ends below the user limit; or ports
    bool swept_ { false };          ///< what hung below the part to be granted has been taken back
    MapOutcome outcome_;
};

/// Enter the kernel info page into `space`, where l4env tasks expect it.
/// @return false if kernel memory is used up
[[nodiscard]] bool map_kernel_info_page (Space& space);

}  // namespace kernel
