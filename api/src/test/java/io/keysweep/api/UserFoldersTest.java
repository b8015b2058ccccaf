package io.keysweep.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests which environment variables decide where the home folder of Keysweep and its cache are. */
final class UserFoldersTest {

    /** The home folder of the account with which the test runs. */
    private static final Path ACCOUNT = Path.of(System.getProperty("user.home"));

    @Test
    void keysweepHome_withAbsoluteHome_isInThatFolder() {
        assertThat(UserFolders.keysweepHome(Map.of("HOME", "/other"))).isEqualTo(Path.of("/other/.keysweep"));
    }

    @Test
    void keysweepHome_withoutHomeOrWithARelativeHome_isInTheHomeOfTheAccount() {
        assertThat(UserFolders.keysweepHome(Map.of())).isEqualTo(ACCOUNT.resolve(".keysweep"));
        assertThat(UserFolders.keysweepHome(Map.of("HOME", "other"))).isEqualTo(ACCOUNT.resolve(".keysweep"));
        assertThat(UserFolders.keysweepHome(Map.of("HOME", ""))).isEqualTo(ACCOUNT.resolve(".keysweep"));
    }

    @Test
    void keysweepHome_withKeysweepHome_isThatFolderUnlessBlank() {
        assertThat(UserFolders.keysweepHome(Map.of("HOME", "/other", "KEYSWEEP_HOME", "/data")))
                .isEqualTo(Path.of("/data"));
        assertThat(UserFolders.keysweepHome(Map.of("HOME", "/other", "KEYSWEEP_HOME", " ")))
                .isEqualTo(Path.of("/other/.keysweep"));
    }

    @Test
    void cache_withSeveralVariables_isInTheMostSpecificAbsoluteFolder() {
        // HOME is the least specific variable, and KEYSWEEP_CACHE is the most specific one.
        assertThat(UserFolders.cache(Map.of("HOME", "/other"))).isEqualTo(Path.of("/other/.cache/keysweep"));
        assertThat(UserFolders.cache(Map.of("HOME", "/other", "XDG_CACHE_HOME", "/caches")))
                .isEqualTo(Path.of("/caches/keysweep"));
        assertThat(UserFolders.cache(Map.of("HOME", "/other", "XDG_CACHE_HOME", "caches")))
                .isEqualTo(Path.of("/other/.cache/keysweep"));
        assertThat(UserFolders.cache(Map.of("XDG_CACHE_HOME", "/caches", "KEYSWEEP_CACHE", "/mine")))
                .isEqualTo(Path.of("/mine"));
    }

    @Test
    void cache_ofARelativeKeysweepCache_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> UserFolders.cache(Map.of("KEYSWEEP_CACHE", "mine")))
                .withMessage("KEYSWEEP_CACHE is 'mine', must be an absolute path");
    }
}
