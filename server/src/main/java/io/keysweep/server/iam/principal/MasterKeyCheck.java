package io.keysweep.server.iam.principal;

import io.keysweep.server.config.StartRefusedException;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.iam.SecretBoxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Opens the master key of this process, and refuses a key that does not belong to the database.
 *
 * <p>The master key encrypts all secrets in the database. To recognise the right key, the database contains a check
 * value that was encrypted with the right key. A new key is created only for a database without any secret, because a
 * new key cannot decrypt secrets that were encrypted before.
 */
final class MasterKeyCheck {

    /** Place to which the check value is bound, see {@link SecretBox#seal}. */
    private static final String BINDING = "master-key-check";

    /** Text that the check value encrypts. The text has no meaning: only the success of the decryption matters. */
    private static final String CONTENT = "keysweep";

    private final JdbcClient jdbc;

    MasterKeyCheck(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Reads the master key in a home folder, or creates the key for a database without secrets. Stores the check value
     * if the database has none.
     *
     * @throws StartRefusedException if the file is missing although the database holds secrets, is the key of another
     *     database, or is accessible to other users; the message says what to do
     * @throws IllegalStateException if the file cannot be read
     */
    MasterKey open(Path home) {
        Optional<String> checkValue = findCheckValue();
        Optional<Map.Entry<String, String>> secret = findOldestSecret();
        Path file = home.resolve("master.key");
        if (Files.notExists(file) && (checkValue.isPresent() || secret.isPresent())) {
            throw new StartRefusedException(
                    "The master key " + file + " is missing, but the database holds secrets that"
                            + " only this key can decrypt: restore the file from its backup, or copy it from another process"
                            + " of this service");
        }

        MasterKey key = MasterKey.loadOrCreate(home);
        SecretBox box = new SecretBox(key);
        if (checkValue.isEmpty()) {
            // The database is new, or from a release that stored no check value. In the second case, an existing secret
            // must prove the key before a check value is stored for it.
            secret.ifPresent(entry -> requireDecrypts(box, file, entry.getValue(), entry.getKey()));
            insert(box.seal(CONTENT, BINDING));
            // The value is read again, because another process with another key may have stored its value first.
            checkValue = findCheckValue();
        }
        checkValue.ifPresent(value -> requireDecrypts(box, file, value, BINDING));
        return key;
    }

    /** Requires that the key in a file decrypts a stored secret. */
    private static void requireDecrypts(SecretBox box, Path file, String sealed, String binding) {
        try {
            box.open(sealed, binding);
        } catch (SecretBoxException e) {
            throw new StartRefusedException(
                    "The master key " + file + " is not that of the database, whose secrets it cannot decrypt: restore"
                            + " the file from the backup of this database, or set KEYSWEEP_HOME and database.url to"
                            + " those that belong together",
                    e);
        }
    }

    /** Returns the encrypted check value; empty if the database has none. */
    private Optional<String> findCheckValue() {
        return jdbc.sql("select sealed from master_key_check")
                .query(String.class)
                .optional();
    }

    /**
     * Returns the encrypted secret of the oldest access key; empty if there are no access keys. In the entry, the key
     * is the text that binds the secret to its row, and the value is the secret.
     */
    private Optional<Map.Entry<String, String>> findOldestSecret() {
        return jdbc.sql("select id, secret from access_key order by created_at, id limit 1")
                .query((row, number) -> Map.entry(AccessKeyStore.binding(row.getString("id")), row.getString("secret")))
                .optional();
    }

    /** Stores the check value, unless another process has stored one first. */
    private void insert(String sealed) {
        try {
            jdbc.sql("insert into master_key_check (id, sealed) values (1, :sealed)")
                    .param("sealed", sealed)
                    .update();
        } catch (DuplicateKeyException e) {
            // Another process has started at the same time. The caller reads and checks its value.
        }
    }
}
