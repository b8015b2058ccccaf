package io.keysweep.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Tests the version, commit and date of a build, and the text that shows them. */
final class BuildVersionTest {

    @Test
    void current_inThisBuild_hasTheVersionOfThePomAndNoPlaceholder() {
        assertThat(BuildVersion.current().version()).matches("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
        assertThat(BuildVersion.current().toString()).doesNotContain("${").doesNotContain("@");
        assertThat(BuildVersion.current().commit()).matches("([0-9a-f]{7,})?");
        assertThat(BuildVersion.current().date()).matches("(\\d{4}-\\d\\d-\\d\\d)?");
    }

    @Test
    void toString_ofACommit_namesCommitAndDate() {
        assertThat(new BuildVersion("0.1.0", "240b07a", "2026-11-28", /* modified= */ false))
                .hasToString("0.1.0 (commit 240b07a of 2026-11-28)");
    }

    @Test
    void toString_ofModifiedSources_saysSo() {
        assertThat(new BuildVersion("0.1.0", "240b07a", "2026-11-28", /* modified= */ true))
                .hasToString("0.1.0 (commit 240b07a of 2026-11-28, modified)");
    }

    @Test
    void toString_withoutACommit_isTheVersion() {
        assertThat(new BuildVersion("0.1.0", /* commit= */ "", /* date= */ "", /* modified= */ false))
                .hasToString("0.1.0");
    }
}
