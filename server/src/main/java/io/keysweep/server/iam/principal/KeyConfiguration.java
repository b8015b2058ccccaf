package io.keysweep.server.iam.principal;

import io.keysweep.server.audit.AuditSigner;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.iam.MasterKey;
import io.keysweep.server.iam.SecretBox;
import io.keysweep.server.iam.TokenIssuer;
import io.keysweep.server.iam.signature.HashAlgorithm;
import io.keysweep.server.iam.signature.SignatureVerifier;
import io.keysweep.server.request.BodyDigest;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Configures the beans that hold the master key or a key that is derived from it, and the verifier of signatures. */
@Configuration(proxyBeanMethods = false)
class KeyConfiguration {

    /** Opens the master key, and fails the start if the key belongs to another database. */
    @Bean
    MasterKey masterKey(ServiceSettings settings, JdbcClient jdbc) {
        return new MasterKeyCheck(jdbc).open(settings.home());
    }

    /**
     * Digests the bodies of requests with an {@code Idempotency-Key}. The digest is keyed, so that nobody can guess a
     * password in a body from the digest in the database.
     */
    @Bean
    BodyDigest bodyDigest(MasterKey masterKey) {
        byte[] key = masterKey.subkey("idempotency v1");
        return text -> HexFormat.of().formatHex(HashAlgorithm.SHA256.hmac(key, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Bean
    SecretBox secretBox(MasterKey masterKey) {
        return new SecretBox(masterKey);
    }

    @Bean
    AuditSigner auditSigner(MasterKey masterKey) {
        return AuditSigner.of(masterKey.subkey(MasterKey.AUDIT));
    }

    @Bean
    TokenIssuer tokenIssuer(MasterKey masterKey) {
        return new TokenIssuer(masterKey);
    }

    @Bean
    SignatureVerifier signatureVerifier(AccessKeyStore keys, InstantSource clock) {
        return new SignatureVerifier(accessKey -> keys.find(accessKey).map(AccessKey::secret), clock);
    }
}
