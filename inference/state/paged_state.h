#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "state/page_pool.h"
#include "state/sequence_state.h"
#include "state/token_chain.h"
#include "tensor/kv_format.h"

namespace alcuin::inference {

/// Keys and values of full attention: a table of pages, one for every 64 tokens, each holding all layers. Pages may be
/// shared with other states and with the prefix cache; the one that is written next is copied first if it is.
class PagedState final : public SequenceState {
public:
    PagedState(std::shared_ptr<PagePool> pool, std::size_t maxTokens);
    ~PagedState() override;
    PagedState(const PagedState&) = delete;
    PagedState& operator=(const PagedState&) = delete;

    std::size_t length() const override {
        return length_;
    }
    std::size_t prefilledLength() const override {
        return prefilledLength_;
    }
    /// Errors: kOutOfMemory; kInvalidArgument (beyond the context). Nothing has changed then.
    Result<void> reserve(std::size_t tokens) override;
    void commit(std::size_t accepted, RowClass rowClass) override;
    bool truncate(std::size_t length) override;
    Result<std::unique_ptr<SequenceState>> fork(std::size_t length) const override;
    Result<void> unshare() override;
    /// Of all its pages, those included that others have too.
    std::size_t bytes() const override;

    /// Goes on with `tokens` tokens that somebody else has read, of which the first `prefilled` were written by
    /// prefill rows; shares the pages. Errors: kInvalidArgument (this doesn't end where a page does, these aren't the
    /// pages of so many tokens, or the context is shorter).
    Result<void> append(std::span<unsigned char* const> pages, std::size_t tokens, std::size_t prefilled);

    /// Block table: page i holds tokens 64 i .. 64 i + 63.
    unsigned char* const* pages() const {
        return pages_.data();
    }
    std::size_t pageCount() const {
        return pages_.size();
    }
    /// The page that its last token doesn't fill, which is written next; null where there is none.
    const unsigned char* lastPartPage() const;
    /// Shares another page of the same bytes instead, and gives its own back.
    void replacePage(std::size_t index, unsigned char* page) noexcept;

    bool belongsTo(const PagePool& pool) const {
        return pool_.get() == &pool;
    }
    /// A step has written `rows` tokens behind the committed ones.
    void setWritten(std::size_t rows) {
        written_ = rows;
    }
    std::size_t written() const {
        return written_;
    }

    /// Where the prefix cache was with this state: it keeps so many leading pages, the last of them under `key`, and
    /// has tried to keep so many.
    struct CacheMark {
        std::size_t pages = 0;
        std::size_t tried = 0;
        ChainKey key{};
    };
    const CacheMark& cacheMark() const {
        return cacheMark_;
    }
    void setCacheMark(const CacheMark& mark) {
        cacheMark_ = mark;
    }

private:
    void cutCacheMark();
    void keepPages(std::size_t count) noexcept;

    std::shared_ptr<PagePool> pool_;
    std::size_t maxTokens_;
    std::size_t length_ = 0;
    std::size_t prefilledLength_ = 0;
    std::size_t written_ = 0;
    std::vector<unsigned char*> pages_;
    CacheMark cacheMark_;
};

} // namespace alcuin::inference
