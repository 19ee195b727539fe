// A vault that the server's own writer makes, for the verifier to be held against, and the hands of somebody who tampers with it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/civil_time.hpp"
#include "vault/columns/pack.hpp"
#include "vault/store/crc32c.hpp"
#include "vault/store/little_endian.hpp"
#include "vault/store/numbered_file.hpp"
#include "vault/testing/read_columns.hpp"
#include "vault/testing/scratch_folder.hpp"
#include "vault/vault_reader.hpp"
#include "vault/vault_writer.hpp"
#include "verifier/vault_check.hpp"

namespace opsteward::verifier::testing {

namespace server = opsteward::vault;

class TestVault {
  public:
    explicit TestVault(server::VaultOptions options = {.log = {.file_bytes = 1}}) : options_(options) {
        line_ = Identity().public_key().ToText();
    }

    std::filesystem::path folder() const { return parent_.path() / "vault"; }
    std::filesystem::path key_file() const { return parent_.path() / "vault.pub"; }
    PublicKey key() const { return PublicKey::Parse(line_); }
    std::filesystem::path Part(std::string_view name) const { return folder() / name; }

    /// Appends `count` events in one group.
    void Append(std::uint64_t count, std::size_t message_bytes = 0) {
        std::vector<std::string> messages;
        for (std::uint64_t i = 0; i < count; ++i) messages.push_back(MessageOf(Writer().size() + i, message_bytes));
        std::vector<server::RecordView> records;
        for (const std::string& message : messages) {
            records.push_back({Now(), server::Transport::kTcp, records.size() % 3 == 0 ? "fw" : "db", "os", "192.0.2.1", message});
        }
        const auto first = Writer().Append(records);
        EXPECT_TRUE(first.ok());
    }
    /// What somebody writes who may bring lines in and calls himself by this program's name.
    void AppendForged(std::string_view message) {
        const server::RecordView record{Now(), server::Transport::kTcp, "opsteward", "deletion", "", message};
        EXPECT_TRUE(Writer().Append(std::span(&record, 1)).ok());
    }
    void WriteSegments() { EXPECT_TRUE(Writer().WriteSegments().ok()); }
    /// The writer is killed when the segments are there and the log still has their records.
    void WriteSegmentsAndCrash() {
        std::map<std::string, std::string> log;
        for (const std::string& name : Names("log")) log[name] = Read(name);
        WriteSegments();
        Stop();
        for (const std::string& name : Names("log")) Remove(name);
        for (const auto& [name, bytes] : log) Write(name, bytes);
    }
    /// The signed note.
    std::string Seal() {
        EXPECT_TRUE(Writer().Seal().ok());
        return Read("checkpoint");
    }
    /// As retention does it: said, sealed, then removed.
    void Delete(std::uint64_t first) {
        const auto gone = Writer().DeleteSegment(first, {.rules = {{{}, 190}}}, Now());
        EXPECT_TRUE(gone.ok());
    }
    std::uint64_t size() { return Writer().size(); }
    /// The writer lets go of the vault; the next call takes it up again.
    void Stop() { writer_.reset(); }

    VaultReport Check(std::vector<KeptCheckpoint> kept = {}, unsigned threads = 2) {
        Stop();
        return CheckVault({folder(), key(), std::move(kept), threads, {}});
    }

    std::string Read(std::string_view name) const { return server::ReadFile(Part(name)).value(); }
    void Write(std::string_view name, std::string_view bytes) { server::ScratchFolder::Write(Part(name), bytes); }
    /// In place, for a file that is cut and written again is waited for by some file systems.
    void Flip(std::string_view name, std::size_t byte, unsigned bit = 0) {
        std::fstream file(Part(name), std::ios::binary | std::ios::in | std::ios::out);
        file.seekg(static_cast<std::streamoff>(byte));
        const int old = file.get();
        file.seekp(static_cast<std::streamoff>(byte));
        file.put(static_cast<char>(old ^ (1 << bit)));
        file.flush();
        ASSERT_TRUE(file.good() && old >= 0) << name << " " << byte;
    }
    void Remove(std::string_view name) { std::filesystem::remove_all(Part(name)); }
    /// "segments/…" or "log/…", by number.
    std::vector<std::string> Names(std::string_view part) const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(Part(part))) names.push_back(std::string(part) + "/" + entry.path().filename().string());
        std::ranges::sort(names);
        return names;
    }
    std::vector<std::string> Segments() const { return Names("segments"); }

    struct OwnedRecord {
        server::RecordView view;  ///< all but the message
        std::string message;
    };
    /// Somebody who knows the formats writes a sound segment in the place of another, with other records in it.
    void Remake(const std::string& name, const std::function<void(std::vector<OwnedRecord>&)>& alter) {
        Stop();
        std::vector<OwnedRecord> records;
        std::uint64_t first = 0;
        std::vector<server::Block> blocks;
        {
            const auto segment = server::Segment::Open(Part(name));
            ASSERT_TRUE(segment.ok());
            first = segment->first();
            for (const server::BlockEntry& entry : segment->blocks()) {
                blocks.push_back(segment->Read(entry).value());
                for (const server::RecordView& record : blocks.back().records()) records.push_back({record, std::string(record.message)});
            }
        }
        alter(records);
        Remove(name);
        std::vector<server::RecordView> views;
        for (const OwnedRecord& record : records) {
            views.push_back(record.view);
            views.back().message = record.message;
        }
        WriteForeignSegment(first, views);
    }

    /// A sound segment that the vault's writer did not write.
    void WriteForeignSegment(std::uint64_t first, const std::vector<server::RecordView>& records) {
        auto segment = server::SegmentWriter::Create(Part("segments"), first).value();
        server::BlockBuilder block(first);
        const auto add = [&] { ASSERT_TRUE(segment.Add(block.Finish({3})).ok()); };
        for (const server::RecordView& record : records) {
            if (block.is_full()) {
                add();
                block = server::BlockBuilder(block.facts().first + block.facts().count);
            }
            block.Add(record);
        }
        add();
        ASSERT_TRUE(segment.Finish().ok());
    }

    /// Somebody who knows the formats alters the footer of a segment and mends its checksum.
    void AlterFooter(const std::string& name, const std::function<void(std::string&)>& alter) {
        Parts parts = Split(name);
        alter(parts.footer);
        Join(name, parts);
    }
    /// The same with the first page of the index.
    void AlterIndex(const std::string& name, const std::function<void(std::string&)>& alter) {
        Parts parts = Split(name);
        std::string page = parts.index.substr(0, 4092);
        alter(page);
        server::AppendNumber(page, server::Crc32c(page));
        parts.index.replace(0, page.size(), page);
        Join(name, parts);
    }
    /// The same with the strings of the columns of a segment's only block.
    void AlterColumns(const std::string& name, const std::function<void(std::vector<std::string>&)>& alter) {
        Parts parts = Split(name);
        std::string& block = parts.blocks;
        const std::size_t columns_at = 36 + server::NumberAt<std::uint32_t>(block, 20);
        auto strings = server::testing::ReadPack(std::string_view(block).substr(columns_at), 1U << 20).value();
        alter(strings);
        server::PackWriter pack;
        for (std::string& string : strings) pack.Add(std::move(string));
        block = block.substr(0, columns_at) + pack.Finish(3);
        server::PutNumber(block, 28, static_cast<std::uint32_t>(block.size() - columns_at));
        server::PutNumber(block, 32, server::Crc32c(std::string_view(block).substr(36), server::Crc32c(std::string_view(block).substr(0, 32))));
        server::PutNumber(parts.footer, 8 + 8, static_cast<std::uint32_t>(block.size()));
        Join(name, parts);
    }

    /// Somebody who has stolen the key signs what is there.
    void SignAnew() {
        Stop();
        const auto reader = server::VaultReader::Open(folder()).value();
        const server::VaultIdentity stolen = Identity();
        const server::Checkpoint forged{stolen.origin, reader.size(), reader.Root().value()};
        Write("checkpoint", server::SignCheckpoint(forged, stolen.key).ToText());
    }

    server::VaultWriter& Writer() {
        if (!writer_) {
            auto opened = server::VaultWriter::Open(folder(), Identity(), options_);
            EXPECT_TRUE(opened.ok());
            writer_ = std::move(opened).value();
        }
        return *writer_;
    }

  private:
    /// A segment without its header and its trailer.
    struct Parts {
        std::string blocks;
        std::string index;
        std::string footer;
    };
    Parts Split(const std::string& name) {
        Stop();
        const std::string bytes = Read(name);
        const std::size_t index_at = server::Segment::Open(Part(name)).value().index_offset();
        const auto footer_at = server::NumberAt<std::uint64_t>(bytes, bytes.size() - 24);
        return {bytes.substr(8, index_at - 8), bytes.substr(index_at, footer_at - index_at), bytes.substr(footer_at, bytes.size() - 24 - footer_at)};
    }
    void Join(const std::string& name, const Parts& parts) {
        std::string trailer;
        server::AppendNumber(trailer, std::uint64_t{8 + parts.blocks.size() + parts.index.size()});
        server::AppendNumber(trailer, static_cast<std::uint32_t>(parts.footer.size()));
        server::AppendNumber(trailer, server::Crc32c(trailer, server::Crc32c(parts.footer)));
        Write(name, "OPSSEG1\n" + parts.blocks + parts.index + parts.footer + trailer + "SEGEND1\n");
    }
    server::VaultIdentity Identity() const {
        return server::LoadOrMakeIdentity(parent_.path() / "vault.key", parent_.path() / "vault.pub", "ops.example.gov.tw/vault").value();
    }
    static std::string MessageOf(std::uint64_t number, std::size_t bytes) {
        std::string message = "event " + std::to_string(number) + " ";
        // No two bytes alike for long, so that it stays large when compressed.
        std::uint64_t state = number + 1;
        while (message.size() < bytes) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            message += static_cast<char>('!' + (state >> 33) % 90);
        }
        return message;
    }
    static Instant Now() { return ParseRfc3339("2026-11-24T12:00:00Z").value(); }

    server::ScratchFolder parent_;
    server::VaultOptions options_;
    std::string line_;  ///< the public key
    std::unique_ptr<server::VaultWriter> writer_;
};

/// What fails, as "code file record-last_record", with "-" for what is not said.
inline std::vector<std::string> Failures(const VaultReport& report) {
    std::vector<std::string> failures;
    const auto number = [](const std::optional<std::uint64_t>& value) { return value ? std::to_string(*value) : std::string("-"); };
    for (const Finding& failure : report.failures) {
        std::string text = std::string(failure.code) + " " + failure.place.file;
        if (failure.place.block) text += " block " + number(failure.place.block);
        if (failure.place.record) text += " record " + number(failure.place.record);
        if (failure.place.last_record && failure.place.last_record != failure.place.record) text += " to " + number(failure.place.last_record);
        failures.push_back(text);
    }
    return failures;
}

inline std::vector<std::string> Notes(const VaultReport& report) {
    std::vector<std::string> notes;
    for (const Finding& note : report.notes) notes.push_back(std::string(note.code) + " " + note.place.file);
    return notes;
}

}  // namespace opsteward::verifier::testing
