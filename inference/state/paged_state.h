#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "state/page_pool.h"
#include "state/sequence_state.h"
#include "tensor/kv_format.h"

namespace alcuin::inference {

/// Keys and values of full attention: a table of pages, one for every 64 tokens, each holding all layers.
/// Every page belongs to one sequence.
class PagedState final : public SequenceState {
public:
    PagedState(std::shared_ptr<PagePool> pool, std::size_t maxTokens);
    ~PagedState() override;
    PagedState(const PagedState&) = delete;
    PagedState& operator=(const PagedState&) = delete;

    std::size_t length() const override {
        return length_;
    }
    /// Errors: kOutOfMemory; kInvalidArgument (beyond the context).
    Result<void> reserve(std::size_t tokens) override;
    void commit(std::size_t accepted) override;
    bool truncate(std::size_t length) override;
    Result<void> copyFrom(const SequenceState& other, std::size_t length) override;
    std::size_t bytes() const override;

    /// Block table: page i holds tokens 64 i .. 64 i + 63.
    unsigned char* const* pages() const {
        return pages_.data();
    }
    bool belongsTo(const PagePool& pool) const {
        return pool_.get() == &pool;
    }
    /// A step has written `rows` tokens behind the committed ones.
    void setWritten(std::size_t rows) {
        written_ = rows;
    }

private:
    void keepPages(std::size_t count) noexcept;

    std::shared_ptr<PagePool> pool_;
    std::size_t maxTokens_;
    std::size_t length_ = 0;
    std::size_t written_ = 0;
    std::vector<unsigned char*> pages_;
};

} // namespace alcuin::inference
