package io.keysweep.server.iam.principal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.keysweep.server.TestDatabase;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tests that a process starts only with the master key of its database, on both databases. */
class MasterKeyCheckIT {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void open_withoutTheMasterKeyOfTheDatabase_isRefusedAndCreatesNoOther(String dialect) throws Exception {
        JdbcClient jdbc = database(dialect);
        Path home = Files.createDirectory(folder.resolve("home"));
        MasterKeyCheck check = new MasterKeyCheck(jdbc);

        // The first start creates the key, and the next start reads it.
        MasterKey key = check.open(home);
        assertThat(check.open(home).subkey("x")).isEqualTo(key.subkey("x"));

        // The file of the key is lost.
        Path file = home.resolve("master.key");
        Path backup = Files.move(file, home.resolve("backup"));
        assertThatIllegalStateException()
                .isThrownBy(() -> check.open(home))
                .withMessageContaining("is missing")
                .withMessageContaining("restore the file from its backup");
        assertThat(file).doesNotExist();

        // The file has the key of another database.
        Path otherHome = Files.createDirectory(folder.resolve("other"));
        MasterKey.loadOrCreate(otherHome);
        assertThatIllegalStateException()
                .isThrownBy(() -> check.open(otherHome))
                .withMessageContaining("is not that of the database");

        // The file is restored.
        Files.move(backup, file);
        assertThat(check.open(home).subkey("x")).isEqualTo(key.subkey("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgresql"})
    void open_onADatabaseOfAnOlderRelease_checksTheMasterKeyByAnAccessKey(String dialect) throws Exception {
        // The older release has stored an access key, but no check of the master key.
        JdbcClient jdbc = database(dialect);
        Path home = Files.createDirectory(folder.resolve("home"));
        MasterKey key = MasterKey.loadOrCreate(home);
        jdbc.sql("insert into project (id, name, created_at) values ('p', 'p', current_timestamp)")
                .update();
        jdbc.sql("insert into access_key (id, project_id, secret, actions, created_at)"
                        + " values ('AK', 'p', :secret, '*', current_timestamp)")
                .param("secret", new SecretBox(key).seal("secret", "access-key:AK"))
                .update();

        // A folder without a master key is refused.
        Path otherHome = Files.createDirectory(folder.resolve("other"));
        assertThatIllegalStateException()
                .isThrownBy(() -> new MasterKeyCheck(jdbc).open(otherHome))
                .withMessageContaining("is missing");

        // Another master key cannot open the access key. It is refused, and stores no check.
        MasterKey.loadOrCreate(otherHome);
        assertThatIllegalStateException()
                .isThrownBy(() -> new MasterKeyCheck(jdbc).open(otherHome))
                .withMessageContaining("is not that of the database");
        assertThat(jdbc.sql("select count(*) from master_key_check")
                        .query(Long.class)
                        .single())
                .isZero();

        // The right master key stores the check, so the access keys are no longer needed.
        assertThat(new MasterKeyCheck(jdbc).open(home).subkey("x")).isEqualTo(key.subkey("x"));
        jdbc.sql("delete from access_key").update();
        assertThatIllegalStateException().isThrownBy(() -> new MasterKeyCheck(jdbc).open(otherHome));
    }

    private JdbcClient database(String dialect) {
        DataSource dataSource = TestDatabase.create(dialect, folder);
        return JdbcClient.create(dataSource);
    }
}
