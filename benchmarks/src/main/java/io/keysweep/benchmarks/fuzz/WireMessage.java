package io.keysweep.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.List;

/** Holds the parts of an HTTP request as they are sent, so that {@link WireMutator} can change each of them. */
final class WireMessage {

    String method;
    String target;
    String version = "HTTP/1.1";
    final List<String> headers = new ArrayList<>();
    String body;
    String lineEnd = "\r\n";

    /** The bytes that follow the request on the same connection. */
    String following = "";

    WireMessage(String method, String target, String body) {
        this.method = method;
        this.target = target;
        this.body = body;
    }

    /** Returns the position of a header, or -1. */
    int indexOf(String name) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).regionMatches(/* ignoreCase= */ true, 0, name + ":", 0, name.length() + 1)) {
                return i;
            }
        }
        return -1;
    }

    /** Sets a header: replaces the first header of this name, or adds one if there is none. */
    void set(String name, String value) {
        int index = indexOf(name);
        if (index < 0) {
            headers.add(name + ": " + value);
        } else {
            headers.set(index, name + ": " + value);
        }
    }

    /** Removes the first header of a name, if there is one. */
    void remove(String name) {
        int index = indexOf(name);
        if (index >= 0) {
            headers.remove(index);
        }
    }

    /** Returns the request and the bytes that follow it. */
    String text() {
        StringBuilder text = new StringBuilder(method + " " + target + " " + version + lineEnd);
        headers.forEach(header -> text.append(header).append(lineEnd));
        return text.append(lineEnd).append(body).append(following).toString();
    }
}
