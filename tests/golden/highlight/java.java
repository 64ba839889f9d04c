package demo;

import java.util.List;

/** A list. */
public final class Box<T> extends Base {
    private static final long SIZE = 1_000L;
    @Override
    public String toString() {
        // no more
        char c = '\u0041';
        return "box \"" + SIZE + c;
    }
    boolean empty = false;
}
