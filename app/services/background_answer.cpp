#include "services/background_answer.h"

#include <utility>

namespace alcuin::app {

namespace {
constexpr std::size_t kTellBytes = 512;
}

BackgroundAnswer::BackgroundAnswer(std::shared_ptr<inference::TextEngine> engine, inference::RequestHandle handle,
                                   QObject* parent)
    : QObject(parent), m_engine(std::move(engine)), m_handle(std::move(handle)) {
    m_handle->onReady([this] { QMetaObject::invokeMethod(this, &BackgroundAnswer::drain, Qt::QueuedConnection); });
}

BackgroundAnswer::~BackgroundAnswer() {
    m_handle.reset(); // no wake-up is under way after this, and the engine still lives
}

void BackgroundAnswer::drain() {
    if (!m_handle) {
        return;
    }
    for (const auto& event : m_handle->drain()) {
        if (const auto* delta = std::get_if<inference::TextDelta>(&event)) {
            if (delta->channel == inference::Channel::kAnswer) {
                m_text += delta->text;
            }
        } else if (const auto* finished = std::get_if<inference::Finished>(&event)) {
            const bool whole = finished->reason == inference::FinishReason::kStop;
            m_handle.reset();
            emit written(QString::fromStdString(m_text), whole);
            return;
        } else if (const auto* error = std::get_if<inference::Error>(&event)) {
            const inference::Error copy = *error;
            m_handle.reset();
            emit failed(copy);
            return;
        }
    }
    if (m_text.size() >= m_told + kTellBytes) {
        m_told = m_text.size();
        emit grown(QString::fromStdString(m_text));
    }
}

} // namespace alcuin::app
