// Messages in columns. Columns of any bytes: nothing crashes, and what is read is of the size that was asked for. And the other way round: the input cut
// at its line feeds is written and read back. The first three bytes say how many messages there are and how long they are together.
#include <string>
#include <string_view>
#include <vector>

#include "base/folding.hpp"
#include "require.hpp"
#include "vault/columns/message_columns_writer.hpp"
#include "vault/columns/pack.hpp"
#include "vault/testing/read_columns.hpp"

using namespace opsteward::vault;

namespace {

void CheckRead(std::string_view columns, std::uint32_t count, std::uint32_t bytes) {
    const auto read = testing::ReadMessageColumns(columns, count, bytes);
    if (!read.ok()) return;
    Require(read->bytes().size() == bytes && read->lengths().size() == count);
    std::uint64_t sum = 0;
    for (const std::uint32_t length : read->lengths()) sum += length;
    Require(sum == bytes);
}

/// A pack whose strings are the input cut at 0xFE, so that what stands in the strings is reached.
std::string PackOfPieces(std::string_view input) {
    PackWriter pack;
    for (std::size_t end = input.find('\xFE'); end != std::string_view::npos; end = input.find('\xFE')) {
        pack.Add(std::string(input.substr(0, end)));
        input.remove_prefix(end + 1);
    }
    pack.Add(std::string(input));
    return pack.Finish(1);
}

/// The rows with a text are those whose messages have it. The text is a piece of the input.
void CheckRows(MessageColumns columns, const std::vector<std::string_view>& messages, std::string_view input) {
    const std::size_t begin = input.empty() ? 0 : static_cast<unsigned char>(input.front()) % input.size();
    const std::string text(input.substr(begin, input.empty() ? 0 : static_cast<unsigned char>(input.back()) % 16));
    const auto rows = columns.RowsWith(SearchedText(text), RowSet::All(messages.size()));
    Require(rows.ok());
    for (std::size_t i = 0; i < messages.size(); ++i) Require(rows->Has(i) == opsteward::FoldedNeedle(text).IsIn(messages[i]));
}

void CheckRoundTrip(std::string_view input) {
    std::vector<std::string_view> messages;
    std::size_t begin = 0;
    for (std::size_t end = input.find('\n'); end != std::string_view::npos; end = input.find('\n', begin)) {
        messages.push_back(input.substr(begin, end - begin));
        begin = end + 1;
    }
    messages.push_back(input.substr(begin));
    std::string joined;
    for (const std::string_view message : messages) joined += message;
    for (const PackEffort effort : {PackEffort{1, Cutting::kAlways}, PackEffort{3, Cutting::kIfSmaller}}) {
        const std::string columns = WriteMessageColumns(messages, effort);
        const auto count = static_cast<std::uint32_t>(messages.size());
        const auto size = static_cast<std::uint32_t>(joined.size());
        const auto read = testing::ReadMessageColumns(columns, count, size);
        Require(read.ok() && read->bytes() == joined);
        for (std::size_t i = 0; i < messages.size(); ++i) Require(read->lengths()[i] == messages[i].size());
        CheckRows(MessageColumns::Open(columns, count, size).value(), messages, input);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size < 3) return 0;
    const std::uint32_t count = data[0];
    const std::uint32_t bytes = data[1] + 256U * data[2];
    const std::string_view input(reinterpret_cast<const char*>(data) + 3, size - 3);
    CheckRead(input, count, bytes);
    CheckRead(PackOfPieces(input), count, bytes);
    CheckRoundTrip(input);
    return 0;
}
