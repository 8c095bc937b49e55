package org.chiffchaff.training.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListingTest {
    @Test
    void namesTheFirstOfMany() {
        List<String> names =
                IntStream.rangeClosed(1, 12).mapToObj(Integer::toString).toList();
        assertEquals("1", Listing.of(names.subList(0, 1)));
        assertEquals("1, 2, 3, 4, 5, 6, 7, 8, 9, 10", Listing.of(names.subList(0, 10)));
        assertEquals("1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more", Listing.of(names));
    }
}
