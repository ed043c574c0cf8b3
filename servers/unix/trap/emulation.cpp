// SPDX-License-Identifier: BSD-2-Clause
#include "call_page.hpp"

extern "C" {

extern char emulation_begin[];
extern l4::Word emulation_entry_offset;
extern l4::Word emulation_server[2];

}  // extern "C"

namespace unix_server {

Address emulation_entry () { return layout::emulation_page + emulation_entry_offset; }

Address prepare_emulation_page (Word server_low, Word server_high)
{
    emulation_server[0] = server_low;
    emulation_server[1] = server_high;
    return reinterpret_cast<Address> (emulation_begin);
}

}  // namespace unix_server
