#include "vault/witness/add_checkpoint.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "crypto/base64.hpp"
#include "vault/seal/values.hpp"

namespace opsteward::vault {

namespace {

constexpr std::string_view kOld = "old ";
constexpr std::size_t kMaxSignatureLines = 64;

Error Malformed(std::string zh, std::string en) {
    return Error::Of(ErrorCode::kInvalidInput, "送交見證的內容格式不符：" + std::move(zh), "The submission is malformed: " + std::move(en));
}

}  // namespace

Result<AddCheckpointRequest> AddCheckpointRequest::Parse(std::string_view body) {
    if (body.size() > kMaxBytes) return Malformed(fmt::format("超過 {} 位元組。", kMaxBytes), fmt::format("it is longer than {} bytes.", kMaxBytes));
    const std::size_t empty_line = body.find("\n\n");
    if (empty_line == std::string_view::npos) return Malformed("檢查點之前缺少空行。", "the empty line before the checkpoint is missing.");
    const auto lines = Split(body.substr(0, empty_line), '\n');
    AddCheckpointRequest request;
    const auto old_size = lines[0].starts_with(kOld) ? ParseDecimal(lines[0].substr(kOld.size())) : std::nullopt;
    if (!old_size) return Malformed("第一行應為 old 與筆數。", "its first line is \"old\" and a size.");
    request.old_size = *old_size;
    if (lines.size() - 1 > kMaxProof) return Malformed("證明至多 63 行。", "the proof has at most 63 lines.");
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto hash = ParseHash(lines[i]);
        if (!hash) return Malformed("證明的每一行應為 32 位元組的 Base64。", "each line of the proof is 32 bytes in base 64.");
        request.proof.push_back(*hash);
    }
    auto note = Note::Parse(body.substr(empty_line + 2));
    if (!note.ok()) return Malformed(note.error().caller_text.zh, note.error().caller_text.en);
    request.checkpoint = std::move(*note);
    return request;
}

std::string AddCheckpointRequest::ToText() const {
    std::string body = fmt::format("{}{}\n", kOld, old_size);
    for (const Hash& hash : proof) body += crypto::Base64Encode(hash) + '\n';
    return body + '\n' + checkpoint.ToText();
}

Result<std::vector<NoteSignature>> ParseCosignatureLines(std::string_view body) {
    const auto refuse = [] {
        return Error::Of(ErrorCode::kInvalidInput, "見證者的回覆不是簽章行。", "The witness's answer is no signature lines.");
    };
    if (!body.ends_with('\n') || !IsValidUtf8(body)) return refuse();
    const auto lines = Split(body.substr(0, body.size() - 1), '\n');
    if (lines.size() > kMaxSignatureLines) return refuse();
    std::vector<NoteSignature> signatures;
    for (const std::string_view line : lines) {
        auto signature = NoteSignature::Parse(line);
        if (!signature.ok()) return refuse();
        signatures.push_back(std::move(*signature));
    }
    return signatures;
}

}  // namespace opsteward::vault
