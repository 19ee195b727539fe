#include "verifier/envelope.hpp"

#include <optional>
#include <set>

#include "verifier/bytes.hpp"
#include "verifier/fault.hpp"
#include "verifier/record.hpp"

namespace opsteward::verifier {

namespace {

Malformed Bad(std::string_view zh, std::string_view en) { return Malformed(Say(zh, en)); }

std::int64_t UnZigZag(std::uint64_t value) { return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1)); }

/// Takes fields off the envelope; Malformed at the first that does not fit.
class Fields {
  public:
    explicit Fields(std::string_view bytes) : rest_(bytes) {}

    std::uint64_t Number() { return Require(rest_.Varint()); }
    std::string_view Name() {
        const std::uint64_t length = Number();
        if (length > kMaxName) throw Bad("區塊的來源、種類或對端名稱過長。", "a name in the block is too long.");
        return Require(rest_.Take(length));
    }
    std::uint8_t Byte() { return static_cast<std::uint8_t>(Require(rest_.Take(1)).front()); }
    bool is_at_end() const { return rest_.rest().empty(); }

  private:
    template <class T>
    static T Require(const std::optional<T>& value) {
        if (!value) throw Bad("區塊的信封提早結束，或數字不是最短寫法。", "the block's envelope ends early, or a number is not in its shortest form.");
        return *value;
    }

    Cursor rest_;
};

std::vector<Envelope::Stream> ReadStreams(Fields& fields, std::uint32_t record_count) {
    const std::uint64_t count = fields.Number();
    if (count == 0 || count > record_count) throw Bad("區塊的串流數不符。", "the block's number of streams does not fit.");
    std::vector<Envelope::Stream> streams;
    std::set<Envelope::Stream> known;
    for (std::uint64_t i = 0; i < count; ++i) {
        Envelope::Stream stream;
        stream.transport = fields.Byte();
        stream.source = fields.Name();
        stream.kind = fields.Name();
        stream.peer = fields.Name();
        if (stream.transport > kLastTransport) throw Bad("區塊的傳輸方式不明。", "a transport in the block is unknown.");
        if (stream.source.empty()) throw Bad("區塊有沒有來源的串流。", "a stream of the block has no source.");
        if (!known.insert(stream).second) throw Bad("區塊的串流重複。", "a stream stands twice in the block.");
        streams.push_back(stream);
    }
    return streams;
}

}  // namespace

void Envelope::Read(std::string_view bytes, std::uint32_t count) {
    Fields fields(bytes);
    streams = ReadStreams(fields, count);
    stream_of.resize(count);
    times.resize(count);
    std::uint32_t seen = 0;
    for (std::uint32_t& stream : stream_of) {
        const std::uint64_t number = fields.Number();
        if (number > seen || number >= streams.size()) {
            throw Bad("區塊的串流未依首次出現的順序編號。", "the block's streams are not numbered in the order they first occur.");
        }
        stream = static_cast<std::uint32_t>(number);
        if (stream == seen) ++seen;
    }
    if (seen != streams.size()) throw Bad("區塊有沒有紀錄的串流。", "a stream of the block has no record.");
    std::uint64_t time = 0;
    for (std::int64_t& received : times) {
        time += static_cast<std::uint64_t>(UnZigZag(fields.Number()));
        received = static_cast<std::int64_t>(time);
    }
    if (!fields.is_at_end()) throw Bad("區塊的信封有多餘的位元組。", "bytes are left over in the block's envelope.");
}

}  // namespace opsteward::verifier
