package io.keysweep.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits the bytes that a service has sent on one connection into HTTP answers.
 *
 * <p>An incomplete answer is also treated as an answer. Its body may be missing, as in the answer to HEAD, or be cut
 * off.
 */
final class AnswerReader {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[ \\r]");
    private static final Pattern LENGTH = Pattern.compile("\\r\\ncontent-length: *(\\d{1,9})\\r");
    private static final String START = "HTTP/1.";

    private final String octets;
    private int position;

    private AnswerReader(String octets) {
        this.octets = octets;
    }

    /**
     * Returns the answers. If the bytes do not begin with a status line, they are the body of a single answer with the
     * status 0. Tomcat answers so (HTTP/0.9) to requests without a version and to some malformed request lines.
     *
     * @throws IllegalArgumentException if the bytes are not HTTP; the message says at which byte
     */
    static List<RawAnswer> read(String octets) {
        AnswerReader reader = new AnswerReader(octets);
        if (!octets.isEmpty() && !octets.startsWith(START)) {
            return List.of(new RawAnswer(/* status= */ 0, /* head= */ "", octets));
        }
        List<RawAnswer> answers = new ArrayList<>();
        while (reader.position < octets.length()) {
            answers.add(reader.readNext());
        }
        return List.copyOf(answers);
    }

    /** Reads the next answer, whose head or body may be incomplete. */
    private RawAnswer readNext() {
        Matcher status = STATUS.matcher(octets).region(position, octets.length());
        if (!status.lookingAt()) {
            int end = Math.min(octets.length(), position + 80);
            throw new IllegalArgumentException("no HTTP at byte " + position + ": " + octets.substring(position, end));
        }
        int code = Integer.parseInt(status.group(1));
        int headEnd = octets.indexOf("\r\n\r\n", position);
        if (headEnd < 0) {
            String head = octets.substring(position);
            position = octets.length();
            return new RawAnswer(code, head, /* body= */ "");
        }
        String head = octets.substring(position, headEnd + 2);
        position = headEnd + 4;
        return new RawAnswer(code, head, readBody(code, head));
    }

    /** Reads the body that the head announces, or what was received of it. */
    private String readBody(int status, String head) {
        // The last condition is for HEAD: its answer announces the length of a body, but the next answer follows.
        boolean noBody = status < 200 || status == 204 || status == 304 || octets.startsWith(START, position);
        if (noBody) {
            return "";
        }
        String lowerCaseHead = head.toLowerCase(Locale.ROOT);
        if (lowerCaseHead.contains("\r\ntransfer-encoding: chunked")) {
            return readChunks();
        }
        Matcher length = LENGTH.matcher(lowerCaseHead);
        return take(length.find() ? Integer.parseInt(length.group(1)) : octets.length() - position);
    }

    /** Returns the next octets; fewer than {@code size} if fewer were received. */
    private String take(int size) {
        int end = Math.min(octets.length(), position + size);
        String part = octets.substring(position, end);
        position = end;
        return part;
    }

    /** Reads a body that is divided into chunks. */
    private String readChunks() {
        StringBuilder body = new StringBuilder();
        while (!octets.startsWith(START, position)) {
            int lineEnd = octets.indexOf("\r\n", position);
            if (lineEnd < 0) {
                position = octets.length();
                return body.toString();
            }
            String line = octets.substring(position, lineEnd);
            if (!line.matches("[0-9a-fA-F]{1,7}")) {
                throw new IllegalArgumentException("no chunk at byte " + position + ": " + line);
            }
            int size = Integer.parseInt(line, 16);
            position = lineEnd + 2;
            body.append(take(size));
            // take(2) skips the line end after a chunk, or the empty line after the last chunk.
            take(2);
            if (size == 0) {
                return body.toString();
            }
        }
        return body.toString();
    }
}
