//! Dates, times and UUIDs: as values and as keys.

use super::Walk;
use super::failure::{Failure, Fault, Told};
use crate::cpython::{Access, Date, DateTime, Name, Obj, Offset, Owned, Time, Uuid};
use crate::options::flag;
use crate::sink::Sink;
use crate::stamp::{Clock, Stamp, Zone};

impl<S: Sink, A: Access> Walk<'_, S, A> {
    #[inline(always)]
    pub(super) fn datetime(&mut self, d: DateTime<'_>) -> Told<Stamp> {
        let zone = match d.zone() {
            None if self.options.has(flag::NAIVE_UTC) => self.at_utc(),
            None => Zone::Naive,
            Some(zone) if zone.is_utc() => self.at_utc(),
            Some(zone) => return self.zoned(d, zone),
        };
        Ok(Stamp::DateTime(d.day(), self.clock(d.clock()), zone))
    }

    #[inline(never)]
    fn zoned(&mut self, d: DateTime<'_>, zone: Obj<'_>) -> Told<Stamp> {
        if let Some(said) = self.world.remembered(zone) {
            return Ok(self.offset_stamp(d, said));
        }
        let (d_held, zone_held) = (Owned::hold(d.obj()), Owned::hold(zone));
        let said = self.offset(d, zone_held.obj());
        let stamp = said.map(|said| (said, self.offset_stamp(d, said)));
        let fixed = zone_held.obj().is_fixed_zone();
        self.world.release(d_held);
        self.world.release(zone_held);
        let (said, stamp) = stamp?;
        if fixed {
            self.world.remember(zone, said);
        }
        Ok(stamp)
    }

    fn offset_stamp(&self, d: DateTime<'_>, said: Offset) -> Stamp {
        let zone = match said {
            Offset::None if self.options.has(flag::NAIVE_UTC) => self.at_utc(),
            Offset::Seconds(false, 0) => self.at_utc(),
            Offset::Seconds(behind, seconds) => Zone::Offset { behind, seconds },
            Offset::None | Offset::Unknown => Zone::Naive,
        };
        Stamp::DateTime(d.day(), self.clock(d.clock()), zone)
    }

    fn offset(&mut self, d: DateTime<'_>, zone: Obj<'_>) -> Told<Offset> {
        match self.outside(|world| d.ask(world, zone))? {
            Ok(Offset::Unknown) => Err(Failure::new(Fault::Zone)),
            Ok(offset) => Ok(offset),
            Err(raised) => {
                let mut failure = Failure::new(Fault::Zone);
                failure.cause = raised;
                Err(failure)
            }
        }
    }

    fn at_utc(&self) -> Zone {
        if self.options.has(flag::UTC_Z) { Zone::Z } else { Zone::UTC }
    }

    #[inline(always)]
    fn clock(&self, clock: Clock) -> Clock {
        if self.options.has(flag::OMIT_MICROSECONDS) { Clock { microsecond: 0, ..clock } } else { clock }
    }

    pub(super) fn date(d: Date<'_>) -> Stamp {
        Stamp::Date(d.day())
    }

    pub(super) fn time(&self, t: Time<'_>) -> Told<Stamp> {
        if t.has_zone() {
            return Err(Failure::new(Fault::TimeZone));
        }
        Ok(Stamp::Time(self.clock(t.clock())))
    }

    pub(super) fn uuid(&mut self, u: Uuid<'_>) -> Told<Stamp> {
        match u.number::<A>() {
            Some(v) => Ok(Stamp::Uuid(v)),
            None => self.odd_uuid(u.obj()),
        }
    }

    /// A UUID whose number is not where it should be, or is none.
    #[cold]
    #[inline(never)]
    fn odd_uuid(&mut self, obj: Obj<'_>) -> Told<Stamp> {
        let held = Owned::hold(obj);
        let number = self.attribute(held.obj(), Name::Int.obj());
        let stamp = number.and_then(|number| {
            let v = number.obj().wide_int::<A>();
            self.world.release(number);
            v.map(Stamp::Uuid).ok_or_else(|| Failure::new(Fault::Unsupported(held.obj().type_name())))
        });
        self.world.release(held);
        stamp
    }
}
