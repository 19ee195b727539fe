// The fields of a record for a query: its line is read when the first field is asked for, and only then.
#pragma once

#include <string_view>

#include "features/logs/line_reader.hpp"
#include "vault/query/field_source.hpp"
#include "vault/store/record.hpp"

namespace opsteward::logs {

/// Made once and pointed at one record after the other. Not for use from two threads at a time.
class LineFields final : public vault::query::FieldSource {
  public:
    /// The views of `record` hold until the next call.
    void PointAt(const vault::RecordView& record);

    bool AnyValue(std::string_view name, const vault::query::ValueTest& test) const override;

  private:
    vault::RecordView record_;
    mutable bool is_read_ = false;
    mutable ParsedLine line_;
};

}  // namespace opsteward::logs
