// SPDX-License-Identifier: BSD-2-Clause
/// @file  Makes ELF executables for the tests, byte by byte as the format has them.
#pragma once

#include <cstdint>
#include <vector>

class Executable {
public:
    static constexpr std::uint32_t header_size = 52;
    static constexpr std::uint32_t segment_header_size = 32;

    /// Offsets in the file header.
    enum Field : std::uint32_t {
        class_at = 4,
        data_at = 5,
        type_at = 16,
        machine_at = 18,
        version_at = 20,
        entry_at = 24,
        segments_offset_at = 28,
        header_size_at = 40,
        segment_header_size_at = 42,
        segment_count_at = 44,
    };

    /// Offsets in a segment header.
    enum SegmentField : std::uint32_t {
        segment_type_at = 0,
        offset_at = 4,
        linked_at = 8,
        physical_at = 12,
        file_size_at = 16,
        memory_size_at = 20,
    };

    struct Segment {
        std::uint32_t address;
        std::vector<std::uint8_t> data;
        std::uint32_t memory_size;
    };

    explicit Executable (std::uint32_t entry, std::vector<Segment> const& segments)
    {
        auto const count = static_cast<std::uint32_t> (segments.size ());
        for (std::uint8_t c : { 0x7F, 0x45, 0x4C, 0x46, 1, 1, 1 })
            bytes_.push_back (static_cast<std::byte> (c));
        bytes_.resize (header_size + count * segment_header_size);
        put_half (type_at, 2);
        put_half (machine_at, 3);
        put_word (version_at, 1);
        put_word (entry_at, entry);
        put_word (segments_offset_at, header_size);
        put_half (header_size_at, header_size);
        put_half (segment_header_size_at, segment_header_size);
        put_half (segment_count_at, count);
        for (std::uint32_t i = 0; i < count; ++i)
            add (i, segments[i]);
    }

    static std::uint32_t segment (std::uint32_t index, SegmentField field)
    {
        return header_size + index * segment_header_size + field;
    }

    Executable& put_word (std::uint32_t at, std::uint32_t value)
    {
        for (unsigned i = 0; i < 4; ++i)
            bytes_[at + i] = static_cast<std::byte> (value >> (8 * i));
        return *this;
    }

    Executable& put_half (std::uint32_t at, std::uint32_t value)
    {
        bytes_[at] = static_cast<std::byte> (value);
        bytes_[at + 1] = static_cast<std::byte> (value >> 8);
        return *this;
    }

    Executable& put_byte (std::uint32_t at, std::uint32_t value)
    {
        bytes_[at] = static_cast<std::byte> (value);
        return *this;
    }

    [[nodiscard]] std::vector<std::byte>& bytes () { return bytes_; }

private:
    void add (std::uint32_t index, Segment const& s)
    {
        put_word (segment (index, segment_type_at), 1);
        put_word (segment (index, offset_at), static_cast<std::uint32_t> (bytes_.size ()));
        put_word (segment (index, linked_at), s.address);
        put_word (segment (index, physical_at), s.address);
        put_word (segment (index, file_size_at), static_cast<std::uint32_t> (s.data.size ()));
        put_word (segment (index, memory_size_at), s.memory_size);
        for (std::uint8_t byte : s.data)
            bytes_.push_back (static_cast<std::byte> (byte));
    }

    std::vector<std::byte> bytes_;
};
