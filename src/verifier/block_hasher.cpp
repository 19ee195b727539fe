#include "verifier/block_hasher.hpp"

#include <algorithm>
#include <array>

#include "verifier/record.hpp"

namespace opsteward::verifier {

HashedBlock BlockHasher::operator()(std::string_view block, std::uint32_t index_rows) {
    HashedBlock hashed;
    hashed.facts = reader_.Open(block, index_rows);
    const Envelope& envelope = reader_.envelope();
    std::vector<LeafPrefix> prefixes;
    prefixes.reserve(envelope.streams.size());
    for (const Envelope::Stream& stream : envelope.streams) {
        prefixes.emplace_back(stream.transport, stream.source, stream.kind, stream.peer);
        hashed.sources.insert({std::string(stream.source), std::string(stream.kind)});
    }
    hashed.leaves.reserve(hashed.facts.count);
    for (std::size_t i = 0; i < hashed.facts.count; ++i) {
        const std::string_view message = reader_.NextMessage();
        LeafPrefix& prefix = prefixes[envelope.stream_of[i]];
        const Envelope::Stream& stream = envelope.streams[envelope.stream_of[i]];
        TakeClaim(hashed.claims, wanted_, hashed.facts.first + i, stream.transport, stream.source, stream.kind, message);
        hashed.leaves.push_back(sha256_({prefix.For(envelope.times[i], static_cast<std::uint32_t>(message.size())), message}));
    }
    hashed.rows = reader_.TakeRows();
    const std::uint64_t end = hashed.facts.first + hashed.facts.count;
    for (std::uint64_t at = GroupAfter(hashed.facts.first) * kGroup; at < end && end - at >= kGroup; at += kGroup) {
        std::array<Hash, kGroup> leaves;
        std::copy_n(hashed.leaves.begin() + static_cast<std::ptrdiff_t>(at - hashed.facts.first), kGroup, leaves.begin());
        hashed.groups.push_back(sha256_.RootOf(leaves));
    }
    return hashed;
}

}  // namespace opsteward::verifier
