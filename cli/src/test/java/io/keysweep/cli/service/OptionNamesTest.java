package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that messages of the service name the options of the command line, and that other words stay. */
final class OptionNamesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            share is '2', must be at most 1.         | --share is '2', must be at most 1.
            status is 'x', must be waiting.          | --status is 'x', must be waiting.
            days is '0', must be from 1.             | --days is '0', must be from 1.
            from is 'x', must be a date-time.        | --from is 'x', must be a date-time.
            tags is 'x', must be an object.          | --tag is 'x', must be an object.
            scanType is 'x', must be manual or auto. | --type is 'x', must be manual or auto.
            Its status is paused.                    | Its status is paused.
            The days are over.                       | The days are over.
            """)
    void message_withFields_namesTheirOptions(String message, String shown) {
        assertThat(OptionNames.inPlaceOfFields(message)).isEqualTo(shown);
    }
}
