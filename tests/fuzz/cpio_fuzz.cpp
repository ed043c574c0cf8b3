// SPDX-License-Identifier: BSD-2-Clause
/// @file  Root file systems as they come: archives that lie about everything. Names and data must
///        lie in the archive, and what was unpacked can be read.
#include <cstdio>

#include <unix/fs/unpack.hpp>

#include "files.hpp"

using namespace unix_server;

namespace {

std::string member (char const* name, unsigned mode, std::string const& data, unsigned number = 0,
                    unsigned links = 1)
{
    char header[111];
    std::snprintf (header, sizeof header, "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX"
                   "%08X", number, mode, 0u, 0u, links, 5u, data.size (), 0u, 0u, 1u, 3u,
                   std::string (name).size () + 1, 0u);
    std::string text = std::string { header } + name + '\0';
    text.resize ((text.size () + 3) / 4 * 4);
    text += data;
    text.resize ((text.size () + 3) / 4 * 4);
    return text;
}

}  // namespace

std::vector<std::string> fuzz::samples ()
{
    std::string const trailer = member ("TRAILER!!!", 0, "");
    return { member ("bin", 0040755, "") + member ("bin/sh", 0100755, "#!/bin/sh\n")
                 + member ("bin/ls", 0120777, "sh") + member ("dev/null", 0020666, "") + trailer,
             member ("a/b/c", 0100644, std::string (5000, 'x')) + member ("a/./../d", 0100644, "d")
                 + member ("/e", 0010644, "") + trailer,
             member ("one", 0100644, "", 7, 2) + member ("two", 0100644, "same", 7, 2) + trailer,
             trailer };
}

extern "C" int LLVMFuzzerTestOneInput (std::uint8_t const* data, std::size_t size)
{
    ArchiveReader::Bytes const bytes { reinterpret_cast<std::byte const*> (data), size };
    fuzz::Files world;
    static_cast<void> (unpack (bytes, world.files));
    ArchiveReader reader { bytes };
    ArchiveReader::Member member {};
    while (reader.next (member)) {
        fuzz::must (fuzz::inside (member.name.data (), member.name.size (), data, size));
        fuzz::must (fuzz::inside (member.data.data (), member.data.size (), data, size));
        Node* const node = world.at (member.name, LastLink::keep);
        if (node == nullptr)
            continue;
        char content[64];
        Word const there = read_content (*node, 0, content, sizeof content);
        fuzz::must (there <= sizeof content && (!node->is_regular () || there <= node->size));
    }
    return 0;
}
