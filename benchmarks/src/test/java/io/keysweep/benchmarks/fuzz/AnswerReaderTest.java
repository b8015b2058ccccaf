package io.keysweep.benchmarks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Tests how the bytes of a connection are split into answers. */
class AnswerReaderTest {

    private static final String OK = "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello";
    private static final String NOT_FOUND = "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n";

    @Test
    void read_answersWithLengths_areSplitAtTheirEnds() {
        assertThat(AnswerReader.read(OK + NOT_FOUND + OK))
                .extracting(answer -> answer.status() + answer.body())
                .containsExactly("200hello", "404", "200hello");
    }

    @Test
    void read_answerInChunks_hasTheJoinedBody() {
        assertThat(AnswerReader.read(
                        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
                                + NOT_FOUND))
                .extracting(answer -> answer.status() + answer.body())
                .containsExactly("200hello", "404");
    }

    @Test
    void read_answersThatMayHaveNoBody_takeNoneOfTheNextAnswer() {
        // An answer to HEAD announces a body that does not follow; 100 and 204 never have one.
        String head = "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\n";
        assertThat(AnswerReader.read("HTTP/1.1 100 \r\n\r\n" + head + NOT_FOUND + "HTTP/1.1 204 \r\n\r\n" + OK))
                .extracting(answer -> answer.status() + answer.body())
                .containsExactly("100", "200", "404", "204", "200hello");
    }

    @Test
    void read_answerThatIsCutOff_isOneAnswer() {
        // The answer is cut off at each byte after the status line.
        int statusLine = "HTTP/1.1 200 \r\n".length();
        for (int size = statusLine; size < OK.length(); size++) {
            assertThat(AnswerReader.read(OK.substring(0, size))).hasSize(1);
        }

        assertThat(AnswerReader.read("")).isEmpty();
    }

    @Test
    void read_bytesWithoutAStatusLine_areOneAnswerWithStatusZero() {
        // This is how Tomcat answers a request without a version of HTTP.
        assertThat(AnswerReader.read("hello")).containsExactly(new RawAnswer(0, "", "hello"));
    }

    @Test
    void read_bytesThatAreNoHttp_areRefusedWithTheirPosition() {
        assertThatThrownBy(() -> AnswerReader.read(OK + "rest")).hasMessageContaining("at byte " + OK.length());
        assertThatThrownBy(() -> AnswerReader.read("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
                .hasMessageContaining("no chunk at byte");
    }
}
