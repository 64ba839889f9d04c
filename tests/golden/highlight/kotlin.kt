package demo

// A class
data class Point(val x: Int, var name: String = "none") {
    fun moved(by: Int): Point? {
        if (by < 0) return null
        when (by) {
            0 -> println('c')
            else -> return Point(x + by)
        }
        val raw = """a "b"
        c"""
        return this
    }
}
