// Frames of the write-ahead log and the records in them. Any bytes, and frames whose checksums fit: nothing crashes, a whole frame gives as many
// records as it says, and one that follows is seen wherever it stands. The first byte says how many records the sealed frame claims to have.
#include <string>
#include <string_view>

#include "require.hpp"
#include "vault/store/log_frame.hpp"
#include "vault/store/record.hpp"

using namespace opsteward::vault;

namespace {

constexpr std::uint32_t kSalt = 0x04030201;

void CheckRecord(std::string_view bytes) {
    const auto record = ParseRecord(bytes);
    if (!record.ok()) return;
    std::string canonical;
    Require(AppendRecord(canonical, *record).ok() && canonical == bytes);
}

void CheckFrame(std::string_view bytes) {
    const auto frame = ParseFrame(bytes, kSalt);
    if (!frame) return;
    Require(frame->count > 0 && frame->bytes <= bytes.size() && frame->records.size() + LogFrame::kHeaderBytes == frame->bytes);
    std::string_view records = frame->records;
    for (std::uint32_t i = 0; i < frame->count; ++i) {
        const auto record = TakeRecord(records);
        Require(record.has_value());
        CheckRecord(*record);
    }
    Require(records.empty() && !TakeRecord(records));
    Require(!ParseFrame(bytes.substr(0, frame->bytes - 1), kSalt));
    if (frame->first > 0) Require(HoldsLaterFrame(bytes, frame->first - 1, kSalt));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
    CheckRecord(input);
    CheckFrame(input);
    if (const auto header = LogFileHeader::Parse(input)) Require(header->ToBytes() == input.substr(0, LogFileHeader::kBytes));
    std::string_view records = input;
    while (const auto record = TakeRecord(records)) CheckRecord(*record);

    std::string frame(LogFrame::kHeaderBytes, '\0');
    frame.append(input);
    SealFrame(frame, 42, data[0], kSalt);
    CheckFrame(frame);
    if (ParseFrame(frame, kSalt)) Require(HoldsLaterFrame(std::string(input) + frame, 41, kSalt));
    return 0;
}
