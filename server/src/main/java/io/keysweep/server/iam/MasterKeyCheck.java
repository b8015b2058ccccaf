package io.keysweep.server.iam;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Opens the master key of this process, and refuses a key that does not belong to the database.
 *
 * <p>The master key encrypts all secrets in the database. To recognise the right key, the database contains a value
 * that was encrypted with it. A new key is created only for a database without any secret, because it could not decrypt
 * the secrets of another key.
 */
final class MasterKeyCheck {

    private static final String BINDING = "master-key-check";
    private static final String CONTENT = "keysweep";

    private final JdbcClient jdbc;

    MasterKeyCheck(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Reads the master key in a home folder, or creates it for an empty database.
     *
     * @throws IllegalStateException if the file is missing or is the key of another database; the message says what to
     *     do
     */
    MasterKey open(Path home) {
        Optional<String> sealed = findSealed();
        Optional<Map.Entry<String, String>> secret = findSecret();
        Path file = home.resolve("master.key");
        if (Files.notExists(file) && (sealed.isPresent() || secret.isPresent())) {
            throw new IllegalStateException(
                    "The master key " + file + " is missing, but the database holds secrets that"
                            + " only this key can decrypt: restore the file from its backup, or copy it from another process"
                            + " of this service");
        }
        MasterKey key = MasterKey.loadOrCreate(home);
        SecretBox box = new SecretBox(key);
        if (sealed.isEmpty()) {
            // The database is new, or from a release that stored no such value.
            secret.ifPresent(entry -> requireOpens(box, file, entry.getValue(), entry.getKey()));
            insert(box.seal(CONTENT, BINDING));
            sealed = findSealed();
        }
        sealed.ifPresent(value -> requireOpens(box, file, value, BINDING));
        return key;
    }

    private static void requireOpens(SecretBox box, Path file, String sealed, String binding) {
        try {
            box.open(sealed, binding);
        } catch (SecretBoxException e) {
            throw new IllegalStateException(
                    "The master key " + file + " is not that of the database, whose secrets it cannot decrypt: restore"
                            + " the file from the backup of this database, or set KEYSWEEP_HOME and database.url to"
                            + " those that belong together",
                    e);
        }
    }

    private Optional<String> findSealed() {
        return jdbc.sql("select sealed from master_key_check")
                .query(String.class)
                .optional();
    }

    /** Returns the oldest sealed secret of an access key, with the text that binds it to its row as the key. */
    private Optional<Map.Entry<String, String>> findSecret() {
        return jdbc.sql("select id, secret from access_key order by created_at, id limit 1")
                .query((row, number) -> Map.entry(IamStore.binding(row.getString("id")), row.getString("secret")))
                .optional();
    }

    private void insert(String sealed) {
        try {
            jdbc.sql("insert into master_key_check (id, sealed) values (1, :sealed)")
                    .param("sealed", sealed)
                    .update();
        } catch (DuplicateKeyException e) {
            // Another process has started at the same time; its value decides.
        }
    }
}
