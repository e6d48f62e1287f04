//! Rate cards and tables with every price raised.
//!
//! In: an [`Uplift`]. Out: methods, prices of crossings and prices that rows state themselves, each raised once.

use crate::model::draft::TablesDraft;
use crate::model::{Method, RateCard, Rent, Uplift};
use crate::units::{Pence, Rate};

impl Uplift {
    /// A method with its capital and its rent raised.
    #[must_use]
    pub fn of_method(self, method: &Method) -> Method {
        let Some(rent) = method.rent else {
            return Method { rate: self.of_rate(method.rate), ..method.clone() };
        };
        let both = method.rate.ten_thousandths() - rent.capitalised().ten_thousandths();
        let capital = self.of_rate(Rate::from_ten_thousandths(both.max(0)));
        let rent = Rent { per_year: self.of_rate(rent.per_year), ..rent };
        Method { source: method.source.clone(), ..Method::rented(capital, rent) }
    }

    /// Raises the prices of a rate card, which keeps note of it.
    pub fn raise_card(self, card: &mut RateCard) {
        card.drop = self.of_price(card.drop);
        for method in card.methods.values_mut() {
            *method = self.of_method(method);
        }
        for crossing in card.crossings.values_mut() {
            crossing.price = self.of_price(crossing.price);
            crossing.bridged = crossing.bridged.map(|price| self.of_price(price));
        }
        card.uplift = self;
    }

    /// Raises the prices that rows of tables state themselves.
    pub fn raise_tables(self, draft: &mut TablesDraft) {
        let raise = |price: &mut Option<Pence>| *price = price.map(|price| self.of_price(price));
        draft.sites.rows.iter_mut().for_each(|row| raise(&mut row.drop));
        draft.exchanges.rows.iter_mut().for_each(|row| raise(&mut row.enable));
        draft.spans.rows.iter_mut().for_each(|row| raise(&mut row.cost));
        raise(&mut draft.default_enable);
    }
}
