#include "services/work_thread.h"

namespace alcuin::app {

WorkThread::WorkThread(const QString& name) : m_worker(new QObject) {
    m_worker->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(name);
    m_thread.start();
}

WorkThread::~WorkThread() {
    m_thread.quit();
    m_thread.wait();
}

} // namespace alcuin::app
