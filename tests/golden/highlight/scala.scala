// One
object Main extends App {
  val name: String = "x"
  def add(a: Int): Int = if (a > 0) a + 1 else 0
  /* two */
}
