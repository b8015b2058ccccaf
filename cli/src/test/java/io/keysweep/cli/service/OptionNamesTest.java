package io.keysweep.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that messages of the service name the options of the command line, and that other words are not changed. */
final class OptionNamesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            share is '2', must be at most 1.         | --share is '2', must be at most 1.
            status is 'x', must be waiting.          | --status is 'x', must be waiting.
            days is '0', must be from 1.             | --days is '0', must be from 1.
            from is 'x', must be a date-time.        | --from is 'x', must be a date-time.
            tags is 'x', must be an object.          | --tag is 'x', must be an object.
            tags.env is '!', must be a text.         | --tag env is '!', must be a text.
            tags.a b has a bad key, must be letters. | --tag a b has a bad key, must be letters.
            events[0] is 'x', must be one of y.      | --event is 'x', must be one of y.
            policies[12] is 'X', must be a name.     | --policy is 'X', must be a name.
            actions must be a list.                  | --action must be a list.
            reason is 'x', must be a text.           | --reason is 'x', must be a text.
            uri: no port.                            | URI: no port.
            url is not a URL, must be http.          | URL is not a URL, must be http.
            tags have 21 keys, must be at most 20.   | tags have 21 keys, must be at most 20.
            instances[0].uri is missing.             | instances[0].uri is missing.
            scanType is 'x', must be manual or auto. | --type is 'x', must be manual or auto.
            id is 'foo', must be a UUID.             | --id is 'foo', must be a UUID.
            name is '', must be a text.              | NAME is '', must be a text.
            tags. has a bad key, must be letters.    | --tag '' has a bad key, must be letters.
            uri: the user 'a b' is given alone.      | the user 'a b' is given alone.
            password (not shown here) must be long.  | the password (not shown here) must be long.
            uri and nodeMap can be changed later.    | --uri and --node-map can be changed later.
            timeoutSeconds is '3600', must be at least 172800 seconds. | --timeout is '1h', must be at least 2d.
            timeoutSeconds is '90', must be a whole number of seconds from 1 to 5184000. | --timeout is '90s', must be a time from 1s to 60d.
            intervalSeconds is '5400', must be at least 2 seconds. | --every is '90m', must be at least 2s.
            assist is 'only', must be none, because the project forbids it. | --assist-only is not possible, because the project forbids it.
            assist is 'before', must be none, because x. | --assist is not possible, because x.
            Stale. If-Match is "9", but the current ETag of the instance is "1". | Stale. --if-revision is 9, but the current revision of the instance is 1.
            If-Match is "9", but the current ETag of the project is "1". | --if-version is 9, but the current version of the project is 1.
            If-Match is "9", but the current ETag of the schedule is "1". | Its version is 1, no longer 9.
            Its status is paused.                    | Its status is paused.
            The days are over.                       | The days are over.
            Too much. share is '1', must be 0.5.     | Too much. --share is '1', must be 0.5.
            """)
    void message_withFields_namesTheirOptions(String message, String expected) {
        assertThat(OptionNames.inPlaceOfFields(message)).isEqualTo(expected);
    }
}
