package io.keysweep.api.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Checks that text which could control a terminal or forge a line is escaped, and all other text stays. */
class PrintableTextTest {

    @Test
    void escape_ofTextThatControlsATerminal_showsIt() {
        assertThat(PrintableText.escape("a\u001b[2J\r\nb\u0000\u202e\u2028"))
                .isEqualTo("a\\u001b[2J\\u000d\\u000ab\\u0000\\u202e\\u2028");
    }

    @Test
    void escape_ofOrdinaryText_changesNothing() {
        assertThat(PrintableText.escape("nächtliche Sicherung: 备份 ✓ 🚀")).isEqualTo("nächtliche Sicherung: 备份 ✓ 🚀");
    }
}
