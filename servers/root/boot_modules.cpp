// SPDX-License-Identifier: BSD-2-Clause
#include "boot_modules.hpp"

#include "memory.hpp"

namespace root {

bool BootModules::fail (std::string_view error)
{
    modules_ = {};
    error_ = error;
    return false;
}

/// Claiming comes before every look at the memory: a page fault that sigma0 refuses would never
/// end.
bool BootModules::open ()
{
    using namespace l4::multiboot;
    l4::KernelInfoPage const* const kip = kernel_info_page ();
    if (kip == nullptr)
        return fail ("sigma0 gives no kernel info page");
    if (kip->user_ptr == 0)
        return fail ("no Multiboot information");
    if (!claim_memory (kip->user_ptr, kip->user_ptr + sizeof (Info)))
        return fail ("the Multiboot information is not accessible");
    auto const& info = *reinterpret_cast<Info const*> (kip->user_ptr);
    if ((info.flags & info_modules) == 0 || info.modules_count <= first_program_module)
        return fail ("no program modules");
    Word const bytes = info.modules_count * sizeof (l4::multiboot::Module);
    if (!claim_memory (info.modules, info.modules + bytes))
        return fail ("the module list is not accessible");
    modules_ = { reinterpret_cast<l4::multiboot::Module const*> (info.modules),
                 info.modules_count };
    for (auto const& module : modules_)
        if (!claim_memory (module.begin, module.end)
            || (module.string != 0 && !claim_memory (module.string, module.string + 1)))
            return fail ("a module is not accessible");
    return true;
}

void BootModules::give_back_loaded (Frames& frames)
{
    for (std::size_t i = 0; i < modules_.size () && i < first_program_module; ++i) {
        Address const first = (modules_[i].begin + l4::page_size - 1) & ~(l4::page_size - 1);
        for (Address page = first; page + l4::page_size <= modules_[i].end; page += l4::page_size)
            frames.free (page);
    }
}

}  // namespace root
