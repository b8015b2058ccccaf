package io.keysweep.server.iam.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests that generated access keys are unique and have the documented form, and that no text shows the secret. */
final class AccessKeyGeneratorTest {

    @Test
    void generate_calledManyTimes_returnsDifferentKeysOfTheDocumentedForm() {
        Set<String> generatedTexts = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            AccessKeyPair pair = AccessKeyGenerator.generate();
            assertThat(pair.accessKey()).matches("[A-Z0-9]{20}");
            assertThat(pair.secretKey().text()).matches("[A-Za-z0-9]{40}");
            assertThat(generatedTexts.add(pair.accessKey())).isTrue();
            assertThat(generatedTexts.add(pair.secretKey().text())).isTrue();
        }
    }

    @Test
    void toString_doesNotShowTheSecret() {
        AccessKeyPair pair = AccessKeyGenerator.generate();

        assertThat(pair.toString())
                .contains(pair.accessKey())
                .doesNotContain(pair.secretKey().text());
    }

    @Test
    void secretAccessKey_ofAnEmptyText_throwsIllegalArgument() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SecretAccessKey(""));
    }
}
