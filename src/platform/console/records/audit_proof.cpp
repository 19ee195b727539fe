// Proofs of rows of the audit trail, and the key that they are verified with.
#include <fmt/format.h>

#include "platform/audit/seal_proof.hpp"
#include "platform/console/records/audit_page.hpp"
#include "platform/console/records/audit_reading.hpp"
#include "platform/console/records/seal_view.hpp"

namespace opsteward::console::records {

namespace {

net::Response TextFile(std::string_view name, std::string text) {
    net::Response response;
    response.headers.Set("Content-Type", "text/plain; charset=utf-8");
    response.headers.Set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", name));
    response.body = std::move(text);
    return response;
}

struct RowProof {
    std::int64_t sequence = 0;
    vault::ProofFile file;
};

/// For who may see the row, and nobody else: the proof holds the row itself.
Result<RowProof> ProofOf(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const std::int64_t sequence, context.IdParameter("sequence"));
    OPS_TRY(const AuditReach reach, ReachOf(context, services.identity));
    OPS_CHECK(services.database.ReadWith([&](db::Session& session) -> Result<void> {
        OPS_CHECK(FindEntry(session, sequence, reach));
        return Ok();
    }));
    OPS_TRY(vault::ProofFile file, audit::ProveRow(services.database, services.seal_place, sequence));
    return RowProof{sequence, std::move(file)};
}

Result<net::Response> GetProof(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const RowProof proof, ProofOf(context, services));
    return TextFile(ProofFileName(proof.sequence), proof.file.ToText());
}

Result<net::Response> GetProofJson(const web::RequestContext& context, const Services& services) {
    OPS_TRY(const RowProof proof, ProofOf(context, services));
    return web::JsonResponse(json::object{{"sequence", proof.sequence}, {"index", proof.file.index}, {"proof", proof.file.ToText()}});
}

Result<net::Response> GetPublicKey(const Services& services) {
    OPS_TRY(const auto key, audit::ReadPublicKey(services.seal_place));
    if (!key) return Error::Of(ErrorCode::kNotFound, "公鑰還沒產生；第一次封存時產生。", "There is no key yet; it is made when rows are sealed for the first time.");
    return TextFile("vault.pub", *key);
}

}  // namespace

std::vector<web::Route> AuditProofRoutes(std::shared_ptr<const Services> services) {
    const web::ApiDoc doc{
        .summary = "Proof that a row lies in the signed tree of the log vault (409: not sealed yet)",
        .response_schema =
            R"({"type":"object","additionalProperties":false,"required":["sequence","index","proof"],"properties":{)"
            R"("sequence":{"type":"integer","minimum":1},)"
            R"("index":{"type":"integer","minimum":0,"description":"number of the record in the vault"},)"
            R"("proof":{"type":"string","description":"a C2SP tlog-proof file with the record as its extra data"}}})"};
    return {{net::Method::kGet, "/audit/{sequence}/proof", kMayReadAudit,
             [services](const web::RequestContext& context) { return GetProof(context, *services); }},
            {net::Method::kGet, kPublicKeyPath, kMayReadAudit,
             [services](const web::RequestContext&) { return GetPublicKey(*services); }},
            {net::Method::kGet, "/api/v1/audit/{sequence}/proof", kMayReadAudit,
             [services](const web::RequestContext& context) { return GetProofJson(context, *services); }, doc}};
}

}  // namespace opsteward::console::records
