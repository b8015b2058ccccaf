package io.keysweep.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.cli.shell.TestShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tests which variables and files a document can read, and that it cannot read other secrets. */
class SecretReferencesTest {

    @TempDir
    private Path root;

    private Path folder;
    private TestShell shell;
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectories(root.resolve("repository/fleet"));
        Files.createDirectories(folder.resolve("below"));
        Files.writeString(folder.resolve("below/secret"), "inside\n");
        Files.writeString(root.resolve("outside"), "outside");
        shell = new TestShell()
                .withHome(root.resolve("home"))
                .with("KEYSWEEP_FLEET_ORDERS", "for the fleet")
                .with("KEYSWEEP_SECRET_KEY", "of the user")
                .with("KEYSWEEP_ACCESS_KEY", "of the user")
                .with("KEYSWEEP_REDIS_PASSWORD", "of the user")
                .with("KEYSWEEP_DATABASE_PASSWORD", "of the user")
                .with("AWS_SECRET_ACCESS_KEY", "of the user")
                .with("CACHE_PASSWORD", "allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"below/secret", "./below/secret", "below/./secret"})
    void file_belowTheFolder_isRead(String path) {
        assertThat(resolve("file", path)).isEqualTo("inside");
        assertThat(problems).isEmpty();
    }

    @Test
    void file_absoluteBelowTheFolder_isRead() {
        assertThat(resolve("file", folder.resolve("below/secret").toString())).isEqualTo("inside");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../../outside | has '..' in its path",
                "below/../../../outside | has '..' in its path",
                "below/../below/secret | has '..' in its path",
                "/etc/passwd | is not below the folder",
                "link | is not below the folder",
                "linked/outside | is not below the folder",
                "below | is a folder",
                "none | does not exist",
                "big | is larger than",
            })
    void file_elsewhere_isRefused(String path, String message) throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), root.resolve("outside"));
        Files.createSymbolicLink(folder.resolve("linked"), root);
        Files.write(folder.resolve("big"), new byte[1024 * 1024 + 1]);

        assertThat(resolve("file", path)).isNull();
        assertThat(problems).singleElement().asString().contains("f.yaml:1: i.password", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"credentials", "master.key", "contexts.yaml", "assist/server", "new/in/a/later/version"})
    void file_ofKeysweepItself_isRefused(String name) throws IOException {
        Path home = Files.createDirectories(folder.resolve(".keysweep"));
        shell.withHome(home);
        Files.createDirectories(home.resolve(name).getParent());
        Files.writeString(home.resolve(name), "own");
        Files.createSymbolicLink(folder.resolve("linked-home"), home);
        Files.createSymbolicLink(folder.resolve("linked-file"), home.resolve(name));

        for (String path : List.of(".keysweep/" + name, "linked-home/" + name, "linked-file")) {
            problems.clear();
            assertThat(resolve("file", path)).isNull();
            assertThat(problems).singleElement().asString().contains("is in the folder of Keysweep itself");
        }
    }

    @Test
    void file_ofKeysweepItself_isRefusedWhereTheHomeIsALink() throws IOException {
        Path home = Files.createDirectories(folder.resolve("data"));
        Files.writeString(home.resolve("contexts.yaml"), "own");
        shell.withHome(Files.createSymbolicLink(root.resolve("home"), home));

        assertThat(resolve("file", "data/contexts.yaml")).isNull();
        assertThat(problems).singleElement().asString().contains("is in the folder of Keysweep itself");
    }

    @Test
    void link_toAFileBelowTheFolder_isFollowed() throws IOException {
        Files.createSymbolicLink(folder.resolve("inner"), folder.resolve("below"));
        assertThat(resolve("file", "inner/secret")).isEqualTo("inside");
    }

    @Test
    void variable_withAnAllowedPrefix_isRead() {
        assertThat(resolve("env", "KEYSWEEP_FLEET_ORDERS")).isEqualTo("for the fleet");
        assertThat(resolve("env", "CACHE_PASSWORD", "CACHE_")).isEqualTo("allowed");
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KEYSWEEP_SECRET_KEY",
                "KEYSWEEP_ACCESS_KEY",
                "KEYSWEEP_REDIS_PASSWORD",
                "KEYSWEEP_DATABASE_PASSWORD"
            })
    void variable_ofKeysweepItself_isRefusedWhateverTheUserAllows(String name) {
        assertThat(resolve("env", name)).isNull();
        assertThat(resolve("env", name, "KEYSWEEP_")).isNull();
        assertThat(resolve("env", name, name)).isNull();
        assertThat(problems)
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem)
                        .contains("is one of Keysweep itself")
                        .doesNotContain("of the user"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AWS_SECRET_ACCESS_KEY", "CACHE_PASSWORD", "PATH", ""})
    void variable_withAnotherPrefix_isRefusedWithTheRemedy(String name) {
        assertThat(resolve("env", name)).isNull();
        assertThat(problems)
                .singleElement()
                .asString()
                .contains("does not begin with KEYSWEEP_FLEET_", "--allow-env PREFIX");
    }

    @Test
    void uses_ofVariableAndFile_nameThemAndNoSecret() {
        ObjectNode instance = (ObjectNode) JsonMapper.shared()
                .readTree("{\"password\":{\"env\":\"KEYSWEEP_FLEET_ORDERS\"},\"tlsKey\":{\"file\":\"below/secret\"}}");
        SecretReferences references = references(List.of());
        references.resolve(instance, "orders", "i", List.of("password", "tlsKey"), problems::add);

        assertThat(references.uses())
                .containsExactly(
                        "orders: password from variable KEYSWEEP_FLEET_ORDERS",
                        "orders: tlsKey from file below/secret");
    }

    private @Nullable String resolve(String kind, String value, String... prefixes) {
        ObjectNode instance = JsonMapper.shared().createObjectNode();
        instance.putObject("password").put(kind, value);
        references(List.of(prefixes)).resolve(instance, "orders", "i", List.of("password"), problems::add);
        return instance.get("password").isString() ? instance.get("password").stringValue() : null;
    }

    private SecretReferences references(List<String> prefixes) {
        return new SecretReferences(DocumentFile.of("f.yaml", folder, "i: {password: x}"), shell.context(), prefixes);
    }
}
