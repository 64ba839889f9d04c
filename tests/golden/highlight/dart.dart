// One
class Point extends Base {
  final int x = 10;
  String name() {
    if (x > 0) return 'a';
    return "b";
  }
}
